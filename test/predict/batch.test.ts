import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type PredictResult, predict, predictStream, type TensorInput, withModel } from '../../src';
import { splitOutputs, stackInputs } from '../../src/predict/batch';
import { makeFolder } from '../helpers/folders';
import { tensor } from '../helpers/postprocess';
import { demoModel, goldenImage, sharedPath } from '../helpers/project';

const images = ['a_rgb_402x270.png', 'c_gray_320x256.png', 'd_rgba_300x300.png', 'e_rgb16_288x224.png'].map(
  goldenImage,
);
const segmenter = sharedPath('models/demo/shapes_seg_ppliteseg/old');
const classifier = sharedPath('models/demo/shapes_cls_mbv3s/old');

function withoutTimings(results: readonly PredictResult[]): object[] {
  return results.map(({ timings, ...rest }) => JSON.parse(JSON.stringify(rest)));
}

describe('several images per run', () => {
  test('have the same results as single images', async () => {
    // The detector was exported for one image per run, which has precedence over the requested batch size.
    for (const [folder, expectedRuns] of [
      [demoModel('shapes_det_picodet'), [1, 1, 1, 1]],
      [segmenter, [3, 1]],
      [classifier, [3, 1]],
    ] as const) {
      if (folder === undefined) continue;
      await withModel(
        folder,
        async (model) => {
          const alone = (await predict(model, images)) as PredictResult[];
          const runs: number[] = [];
          const { predictor } = model;
          const run = vi.spyOn(predictor, 'run');
          const together = (await predict(model, images, { batchSize: 3 })) as PredictResult[];
          for (const [inputs] of run.mock.calls as unknown as [Record<string, TensorInput>][]) {
            runs.push(Object.values(inputs)[0]!.shape[0]!);
          }
          expect(runs).toEqual(expectedRuns);
          expect(together.map(({ image }) => image)).toEqual(alone.map(({ image }) => image));
          const [rounded, expected] = [together, alone].map((results) =>
            withoutTimings(results).map((result) =>
              JSON.parse(JSON.stringify(result), (_, value) => (typeof value === 'number' ? +value.toFixed(2) : value)),
            ),
          );
          expect(rounded).toEqual(expected);
        },
        { engine: 'plain', threads: 1 },
      );
    }
  });
});

test('tensors are stacked with zero padding, and numbers one after another', () => {
  const image = { width: 1, height: 1 };
  const one = (shape: number[], values: number[]) => ({ shape, data: Float32Array.from(values) });
  const stacked = stackInputs([
    { image, inputs: { image: one([1, 2, 1, 2], [1, 2, 3, 4]), im_shape: one([1, 2], [1, 2]) } },
    { image, inputs: { image: one([1, 2, 2, 1], [5, 6, 7, 8]), im_shape: one([1, 2], [2, 1]) } },
  ]);
  expect(stacked.im_shape).toEqual(one([2, 2], [1, 2, 2, 1]));
  expect(stacked.image).toEqual(one([2, 2, 2, 2], [1, 2, 0, 0, 3, 4, 0, 0, 5, 0, 6, 0, 7, 0, 8, 0]));
});

test('rows are divided by their numbers, without a copy', () => {
  const spec = { task: 'instance-segmentation' } as never;
  const boxes = tensor(
    'float32',
    [3, 6],
    Array.from({ length: 18 }, (_, i) => i),
  );
  const masks = tensor('int32', [3, 1, 2], [1, -1, 0, 1, 1, 1]);
  const [none, one, two] = splitOutputs(spec, [boxes, tensor('int32', [3], [0, 1, 2]), masks], 3);
  expect(none!.map(({ shape }) => shape)).toEqual([[0, 6], [1], [0, 1, 2]]);
  expect(one!.map(({ data }) => [...data])).toEqual([[0, 1, 2, 3, 4, 5], [1], [1, -1]]);
  expect([...two![2]!.data]).toEqual([0, 1, 1, 1]);
  expect(two![2]!.data.buffer).toBe(masks.data.buffer);
  expect(() => splitOutputs(spec, [boxes, tensor('int32', [3], [-1, 2, 1])], 3)).toThrow(/numbers of boxes/);
  expect(() => splitOutputs(spec, [boxes, tensor('int32', [3], [2, 1, 2])], 3)).toThrow(/numbers of boxes/);
  expect(() => splitOutputs(spec, [boxes], 3)).toThrow(/numbers of boxes/);
});

describe('a stream', () => {
  test('returns results in order, reads only a few images ahead, and ends its source', async () => {
    let taken = 0;
    let ended = false;
    async function* source() {
      try {
        for (let round = 0; round < 25; round++) {
          for (const image of images) {
            taken++;
            yield image;
          }
        }
      } finally {
        ended = true;
      }
    }
    await withModel(demoModel('shapes_det_picodet'), async (model) => {
      const widths: number[] = [];
      for await (const { image } of predictStream(model, source(), { batchSize: 2 })) {
        widths.push(image.width);
        if (widths.length === 2) break;
      }
      expect(widths).toEqual([402, 320]);
      expect(taken).toBeLessThanOrEqual(8);
      expect(ended).toBe(true);
      const all: number[] = [];
      for await (const { image } of predictStream(model, images, { batchSize: 3 })) all.push(image.width);
      expect(all).toEqual([402, 320, 300, 288]);
      await expect(predictStream(model, 'a.png' as never).next()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      await expect(predictStream(model, images, { batchSize: 0 }).next()).rejects.toThrow(/integer ≥ 1 for batchSize/);
      await expect(predictStream(model, images, { parallel: 0 }).next()).rejects.toThrow(/integer ≥ 1 for parallel/);
    });
  });

  test('has the same results as predict, with concurrent runs', async () => {
    await withModel(
      demoModel('shapes_det_picodet'),
      async (model) => {
        const many = Array.from({ length: 12 }, (_, i) => images[i % images.length]!);
        const alone: unknown[] = [];
        for (const image of many) alone.push((await predict(model, image)).detections);
        const streamed: unknown[] = [];
        for await (const { detections } of predictStream(model, many, { parallel: 2 })) streamed.push(detections);
        expect(streamed).toEqual(alone);
      },
      { threads: 1, engine: 'plain', trial: false },
    );
  });

  test('throws the error of an image in its turn', async () => {
    await withModel(demoModel('shapes_det_picodet'), async (model) => {
      const results = predictStream(model, [images[0]!, 'missing.png', images[1]!], { parallel: 2 });
      expect((await results.next()).value).toMatchObject({ image: { width: 402 } });
      await expect(results.next()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
      expect((await results.next()).done).toBe(true);
    });
  });
});

test('members of an array may be folders, patterns and lists; without an array, they are refused', async () => {
  const folder = makeFolder();
  await mkdir(path.join(folder, 'in'));
  for (const image of images.slice(0, 2)) await copyFile(image, path.join(folder, 'in', path.basename(image)));
  await writeFile(path.join(folder, 'list.txt'), 'in/c_gray_320x256.png 3\n');
  await withModel(demoModel('shapes_det_picodet'), async (model) => {
    const inputs = [path.join(folder, 'in'), path.join(folder, 'in/c*.png'), path.join(folder, 'list.txt')];
    const results = (await predict(model, inputs)) as PredictResult[];
    expect(results.map(({ image }) => image.width)).toEqual([402, 320, 320, 320]);
    await expect(predict(model, inputs[0]!)).rejects.toThrow(/stands for several; give an array/);
  });
});
