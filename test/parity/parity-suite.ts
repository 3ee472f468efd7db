import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel, type Model } from '../../src';
import { decodeImage } from '../../src/image/image';
import { runPipeline } from '../../src/preprocess/pipeline';
import { type NpyArray, readNpz } from '../helpers/npz';
import { demoModel, goldenImage, projectRoot } from '../helpers/project';

const images = [
  'a_rgb_402x270.png',
  'b_exif6_300x360.jpg',
  'c_gray_320x256.png',
  'd_rgba_300x300.png',
  'e_rgb16_288x224.png',
  'f_rgb_640x480.jpg',
];
const models = ['shapes_det_picodet', 'shapes_ins_maskrcnn'] as const;

/**
 * OpenCV computes cubic resizing in float32 with vector code, ours is exact: of the 196 608 samples of an image, a few
 * within 1e-5 of a tie are rounded the other way, which is one 8-bit level (1/255 ÷ 0.224 after normalising).
 */
export const cubicSamples = 3;
export const oneLevel = 1.00001 / 255 / 0.224;

/** Tolerances for differences between the outputs in Node and in Python for the same input. */
const scoreTolerance = 1e-5;
const boxTolerance = 1e-2;

export interface ParityCase {
  readonly runtime: string;
  readonly format: 'pdmodel' | 'json';
  /** Folder with the results of Python's paddle.inference for the images. */
  readonly vectors: string;
}

/**
 * Compares a runtime in Node with golden vectors of the Python scripts (Paddle's plain kernels, one thread):
 * preprocessing bit for bit except ties of cubic resizing, outputs within the tolerances above, masks and counts equal.
 */
export function describeParity({ runtime, format, vectors }: ParityCase): void {
  describe.each(models)(`Paddle ${runtime}, .${format}, %s`, (name) => {
    let model: Model;
    beforeAll(async () => {
      model = await loadModel(demoModel(name), { runtime, format, engine: 'plain', threads: 1 });
    });
    afterAll(() => model.dispose());

    test.each(images)('%s', async (image) => {
      expect(model.runtime.paddle).toBe(runtime);
      const golden = await readNpz(
        path.join(projectRoot, 'test/golden', vectors, name, `${path.parse(image).name}.npz`),
      );
      await expectSameInputs(model, image, golden);
      const inputs = Object.fromEntries(model.predictor.inputNames.map((input) => [input, golden.get(`in_${input}`)!]));
      const outputs = await model.predictor.run(inputs);
      outputs.forEach((output, i) => {
        const expected = golden.get(`out${i}`)!;
        expect(output.shape).toEqual(expected.shape);
        if (i === 0) expectSameBoxes(output.data as Float32Array, expected.data as Float32Array);
        else expect(Buffer.compare(Buffer.from(output.data.buffer), Buffer.from(expected.data.buffer))).toBe(0);
      });
    });
  });
}

async function expectSameInputs(model: Model, image: string, golden: ReadonlyMap<string, NpyArray>): Promise<void> {
  const tensors = await runPipeline(await decodeImage(goldenImage(image)), model.spec.preprocess);
  const expected = golden.get('in_image')!;
  expect(tensors.image.shape).toEqual(expected.shape);
  const cubic = model.kind === 'detection';
  const differing = tensors.image.data.filter((value, i) => value !== expected.data[i]).length;
  expect(differing).toBeLessThanOrEqual(cubic ? cubicSamples : 0);
  expect(largestDifference(tensors.image.data, expected.data)).toBeLessThanOrEqual(cubic ? oneLevel : 0);
  expect(Float32Array.from(tensors.scaleFactor)).toEqual(golden.get('in_scale_factor')!.data);
  const imShape = golden.get('in_im_shape');
  if (imShape !== undefined) expect(Float32Array.from(tensors.imShape)).toEqual(imShape.data);
}

export function expectSameBoxes(found: Float32Array, expected: Float32Array): void {
  const column = (data: Float32Array, from: number, to: number) => data.filter((_, i) => i % 6 >= from && i % 6 < to);
  expect(column(found, 0, 1)).toEqual(column(expected, 0, 1));
  expect(largestDifference(column(found, 1, 2), column(expected, 1, 2))).toBeLessThanOrEqual(scoreTolerance);
  expect(largestDifference(column(found, 2, 6), column(expected, 2, 6))).toBeLessThanOrEqual(boxTolerance);
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs((a[i] as number) - (b[i] as number)));
  return largest;
}
