import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { registerOperator } from '../../src';
import { readModelSpec } from '../../src/layouts/layouts';
import { type OperatorFamily, readPreprocess } from '../../src/preprocess/operators';
import { type Pixels, runPipeline } from '../../src/preprocess/pipeline';
import { parseYaml } from '../../src/yaml/yaml-file';
import { makeFolder } from '../helpers/folders';

const image = { data: Uint8Array.of(0, 100, 200, 10, 20, 30), width: 2, height: 1 };

function read(yaml: string, family: OperatorFamily = 'PaddleDetection 2.x') {
  return readPreprocess(parseYaml(yaml, 'infer_cfg.yml'), family, 'YOLO');
}

describe('an unknown operator', () => {
  test.each<[OperatorFamily, string, RegExp]>([
    [
      'PaddleDetection 2.x',
      '- type: Permute\n- type: NormaliseImage',
      /infer_cfg\.yml:2: \[1\]\.type: Unknown preprocessing operator "NormaliseImage"; did you mean "NormalizeImage"\?/,
    ],
    ['PaddleClas', '- ToCHWImage:\n- CropImg:\n    size: 3', /infer_cfg\.yml:2: \[1\]: .* did you mean "CropImage"\?/],
    ['PaddleSeg', '- type: Mosaic', /Unknown preprocessing operator "Mosaic"; known: Normalize, Resize, /],
  ])('%s', (family, yaml, message) => {
    expect(() => read(yaml, family)).toThrow(expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }));
    expect(() => read(yaml, family)).toThrow(message);
  });

  test('a training operator is reported as such', () => {
    expect(() => read('- type: RandomBlur\n  prob: 1', 'PaddleSeg')).toThrow(/RandomBlur changes images at random/);
  });
});

describe('a custom operator', () => {
  test('calculates on pixels, in the middle of the others', async () => {
    const seen: Pixels[] = [];
    registerOperator('PaddleDetection 2.x', {
      type: 'Gamma',
      keys: ['gamma'],
      read(node) {
        const gamma = node.require('gamma').number(0, 10);
        return {
          type: 'Gamma',
          parameters: { gamma },
          transform(pixels) {
            seen.push(pixels);
            return { ...pixels, data: pixels.data.map((value) => 255 * (value / 255) ** gamma) };
          },
        };
      },
    });
    const steps = read(
      '- {type: Resize, target_size: 2, keep_ratio: false}\n- {type: Gamma, gamma: 2}\n- type: Permute',
    );
    const result = await runPipeline(image, steps);
    expect(seen[0]).toMatchObject({ width: 2, height: 2, channels: 3, data: expect.any(Uint8Array) });
    expect(result.image.shape).toEqual([1, 3, 2, 2]);
    expect([...result.image.data.subarray(4, 6)]).toEqual([39, 1]);
    expect(result.imShape).toEqual([2, 2]);
  });

  test('replaces one with the same name, and is checked', async () => {
    const halve = (value: number) => ({
      type: 'Halve',
      keys: [],
      read: () => ({ type: 'Halve', parameters: { value }, transform: (pixels: Pixels) => pixels }),
    });
    registerOperator('PaddleClas', halve(1));
    registerOperator('PaddleClas', halve(2));
    expect(read('- Halve:', 'PaddleClas')[0]?.parameters).toEqual({ value: 2 });
    expect(() => read('- type: Halve')).toThrow(/Unknown preprocessing operator "Halve"/);
    expect(() => registerOperator('Paddle' as never, halve(1))).toThrow(/Expected one of "PaddleDetection 1\.x"/);
    expect(() => registerOperator('PaddleClas', { type: 'X' } as never)).toThrow(/for operator\.keys/);
  });

  test('that returns inconsistent pixels is named in the error', async () => {
    registerOperator('PaddleSeg', {
      type: 'Broken',
      keys: [],
      read: () => ({ type: 'Broken', parameters: {}, transform: (pixels) => ({ ...pixels, width: 9 }) }),
    });
    await expect(runPipeline(image, read('- type: Broken', 'PaddleSeg'))).rejects.toThrow(/for result of Broken/);
  });
});

test('an image that would become too large is refused before allocation', async () => {
  const thin = { data: new Uint8Array(3 * 9000), width: 9000, height: 1 };
  const failure = runPipeline(thin, read('- {type: ResizeByShort, short_size: 16000}', 'PaddleSeg'));
  await expect(failure).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  await expect(failure).rejects.toThrow(/at most 67108864 pixels .* would become 144000000×16000/);
});

test('a PaddleSeg network with grey input gets one channel', async () => {
  const folder = makeFolder();
  const write = (deploy: string) => writeFile(path.join(folder, 'deploy.yaml'), `Deploy: {${deploy}}`);
  await writeFile(path.join(folder, 'model.pdmodel'), '');
  const files =
    'model: model.pdmodel, params: model.pdiparams, transforms: [{type: Normalize, mean: [0.5], std: [0.5]}]';
  for (const key of ['img_channels: 1', 'input_shape: [-1, 1, -1, -1]']) {
    await write(`${files}, ${key}`);
    const { preprocess } = await readModelSpec(folder);
    expect(preprocess.map(({ type }) => type)).toEqual(['ToGrey', 'ToFloat32', 'Normalize', 'Transpose']);
    const { image: found } = await runPipeline(image, preprocess);
    expect(found.shape).toEqual([1, 1, 1, 2]);
    // OpenCV's weights: 0.299, 0.587 and 0.114, of red, green and blue.
    const grey = [0.587 * 100 + 0.114 * 200, 0.299 * 10 + 0.587 * 20 + 0.114 * 30].map(Math.round);
    expect([...found.data]).toEqual(grey.map((value) => expect.closeTo((value / 255 - 0.5) / 0.5, 6)));
  }
  await write(`${files}, img_channels: 2`);
  await expect(readModelSpec(folder)).rejects.toThrow(/deploy\.yaml:1: Deploy\.img_channels: Expected 1 or 3/);
});
