import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeRle, jupyterDisplay, loadModel, type MimeBundle, type Model, predict, rleArea } from '../../src';
import { makeFolder } from '../helpers/folders';
import { readNpz } from '../helpers/npz';
import { demoModel, goldenImage, projectRoot } from '../helpers/project';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');

let detector: Model<'detection'>;
let segmenter: Model<'instance-segmentation'>;
beforeAll(async () => {
  detector = await loadModel(demoModel('shapes_det_picodet'), { engine: 'plain', task: 'detection' });
  segmenter = await loadModel(demoModel('shapes_ins_maskrcnn'), { engine: 'plain', task: 'instance-segmentation' });
});
afterAll(async () => {
  await detector.dispose();
  await segmenter.dispose();
});

test('a path, the bytes of the file and a sharp image have the same result', async () => {
  const fromPath = await predict(detector, image);
  const fromBytes = await predict(detector, await readFile(image));
  const fromSharp = await predict(detector, sharp(image));
  expect(fromPath.detections.length).toBeGreaterThan(0);
  expect(fromBytes.detections).toEqual(fromPath.detections);
  expect(fromSharp.detections).toEqual(fromPath.detections);
});

test('results have the objects above the threshold, best score first, in pixels of the image', async () => {
  const { image: size, threshold, detections, labels } = await predict(detector, image, { threshold: 0.3 });
  expect(size).toEqual({ width: 320, height: 240 });
  expect(threshold).toBe(0.3);
  const scores = detections.map((detection) => detection.score);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(Math.min(...scores)).toBeGreaterThan(0.3);
  for (const { label, classId } of detections) expect(label).toBe(labels[classId]);
  expect((await predict(detector, image, { threshold: 1 })).detections).toEqual([]);
});

test('an array has results in its order', async () => {
  const [first, second] = await predict(detector, [image, goldenImage('a_rgb_402x270.png')]);
  expect(first!.image).toEqual({ width: 320, height: 240 });
  expect(second!.image).toEqual({ width: 402, height: 270 });
});

test("masks are the network's own, as run lengths of the whole image", async () => {
  const golden = await readNpz(path.join(projectRoot, 'test/golden/vectors/shapes_ins_maskrcnn/a_rgb_402x270.npz'));
  const boxes = golden.get('out0')!.data;
  const masks = golden.get('out2')!;
  const result = await predict(segmenter, goldenImage('a_rgb_402x270.png'), { threshold: 0.5 });
  expect(result.kind).toBe('instance-segmentation');
  if (result.kind !== 'instance-segmentation') return;
  const [height, width] = masks.shape.slice(1) as [number, number];
  expect(result.detections.length).toBeGreaterThan(1);
  for (const { score, mask } of result.detections) {
    const row = Array.from({ length: boxes.length / 6 }, (_, i) => i).find(
      (i) => Math.abs(boxes[i * 6 + 1]! - score) < 1e-5,
    );
    const expected = masks.data.subarray(row! * height * width, (row! + 1) * height * width);
    const decoded = decodeRle(mask);
    expect([decoded.height, decoded.width]).toEqual([270, 402]);
    let wrong = 0;
    for (let y = 0; y < 270; y++) {
      for (let x = 0; x < 402; x++) {
        const inNetwork = y < height && x < width ? expected[y * width + x]! : 0;
        if (decoded.data[y * 402 + x] !== inNetwork) wrong++;
      }
    }
    expect(wrong).toBe(0);
    expect(rleArea(mask)).toBe(decoded.data.reduce((sum, value) => sum + value, 0));
  }
});

describe('a result', () => {
  test('is frozen, plain JSON data', async () => {
    const result = await predict(detector, image);
    expect(Object.isFrozen(result)).toBe(true);
    expect(JSON.parse(JSON.stringify(result))).toEqual({ ...result });
  });

  test('is displayed as a table in a notebook and at a prompt', async () => {
    const result = await predict(detector, image);
    const show = (result as unknown as Record<symbol, () => MimeBundle>)[jupyterDisplay]!;
    expect(show()['text/html']).toContain('<table');
    expect(inspect(result)).toMatch(/^\d+ detections in 320×240, [\d.]+ ms\n/);
  });
});

describe('invalid input is refused with a code and a next step', () => {
  test('a missing image', async () => {
    await expect(predict(detector, 'nothing.png')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  test('a file that is not an image, or a truncated one', async () => {
    const folder = makeFolder();
    const text = path.join(folder, 'text.png');
    const half = path.join(folder, 'half.jpg');
    await writeFile(text, 'this is text');
    const jpeg = await readFile(goldenImage('f_rgb_640x480.jpg'));
    await writeFile(half, jpeg.subarray(0, jpeg.length / 2));
    await expect(predict(detector, text)).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
    await expect(predict(detector, text)).rejects.toThrow(/Can't decode image .*text\.png.*expected a JPEG, PNG/);
    await expect(predict(detector, half)).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
    await expect(predict(detector, folder)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('arguments of the wrong kind', async () => {
    await expect(predict('model' as never, image)).rejects.toThrow(/Expected model from loadModel for model/);
    await expect(predict(detector, 5 as never)).rejects.toThrow(/Expected file path, .*sharp instance.* for image/);
    await expect(predict(detector, image, { threshold: 2 })).rejects.toThrow(
      /Expected number from 0 to 1 for threshold/,
    );
    await expect(predict(detector, image, { treshold: 0.5 } as never)).rejects.toThrow(/did you mean "threshold"\?/);
  });

  test('an aborted signal', async () => {
    await expect(predict(detector, image, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
