import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AnyModel,
  type Bitmap,
  decodeLabelMap,
  decodeRle,
  encodeRle,
  loadModel,
  predict,
  type RleMask,
} from '../../src';
import { type NpyArray, readNpz } from '../helpers/npz';
import { projectRoot, sharedPath } from '../helpers/project';

/** Tolerances for differences from the results of Paddle's scripts for the same file. */
const tolerances = { score: 1e-4, box: 0.05, iou: 0.999, pixels: 0.9999 };

/**
 * OpenCV computes cubic resizing in float32 with vector code, ours is exact: of the 196 608 samples of an image, a few
 * within 1e-5 of a tie are rounded the other way, which is one 8-bit level (1/255 ÷ 0.224 after normalising).
 */
const cubic = { samples: 3, difference: 1.00001 / 255 / 0.224 };
const exact = { samples: 0, difference: 0 };

/**
 * Masks made by `expand_boxes` and the pasting code of PaddleDetection 0.5's `visualize.py`, with OpenCV 5.0, from the
 * golden outputs of Mask R-CNN 1.x with scores above 0.3: pycocotools' counts by image, best score first.
 */
const oldMasks: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(path.join(projectRoot, 'test/golden/masks-1x.json'), 'utf8'),
);

type Check = (model: AnyModel, image: string, golden: ReadonlyMap<string, NpyArray>) => Promise<void>;

export interface GoldenCase {
  /** Folder under `models/demo`. */
  readonly model: string;
  /** Folder under `golden`. */
  readonly vectors: string;
}

const checks: readonly { name: RegExp; inputs: typeof cubic; outputs: Check }[] = [
  { name: /picodet/, inputs: cubic, outputs: checkBoxes },
  { name: /maskrcnn/, inputs: exact, outputs: checkBoxes },
  { name: /ppliteseg/, inputs: { samples: Number.POSITIVE_INFINITY, difference: 1e-6 }, outputs: checkLabels },
  { name: /mbv3s/, inputs: exact, outputs: checkClasses },
];

/**
 * Predicts on the golden images from their files and compares every stage with the Python scripts of the model's own
 * toolkit: the input tensors and the result.
 */
export function describeGolden(runtime: string, cases: readonly GoldenCase[]): void {
  describe.each(cases)(`Paddle ${runtime}, $model against $vectors`, ({ model: name, vectors }) => {
    const folder = sharedPath(`models/demo/${name}`);
    const goldenFolder = sharedPath(`golden/${vectors}`);
    const images = sharedPath(`golden/images${name.includes('mbv3s') ? '/cls' : ''}`);
    if (folder === undefined || goldenFolder === undefined || images === undefined) {
      test.skip('the golden vectors are not on this machine', () => {});
      return;
    }
    const check = checks.find((candidate) => candidate.name.test(name))!;
    const files = readdirSync(images).filter((file) => /\.(png|jpg)$/.test(file));
    let model: AnyModel;
    beforeAll(async () => {
      model = await loadModel(folder, { runtime, engine: 'plain', threads: 1 });
    });
    afterAll(() => model.dispose());

    test.each(files)('%s', async (file) => {
      const golden = await readNpz(path.join(goldenFolder, `${path.parse(file).name}.npz`));
      const image = path.join(images, file);
      const { raw } = await predict(model, image, { raw: true });
      for (const [input, tensor] of Object.entries(raw!.inputs)) {
        const expected = golden.get(`in_${input}`)!;
        expect(tensor.shape).toEqual(expected.shape);
        const isImage = expected.shape.length === 4;
        const { samples, difference } = isImage ? check.inputs : exact;
        expect(countDifferent(tensor.data, expected.data)).toBeLessThanOrEqual(samples);
        expect(largestDifference(tensor.data, expected.data)).toBeLessThanOrEqual(difference);
      }
      await check.outputs(model, image, golden);
    });
  });
}

async function checkBoxes(model: AnyModel, image: string, golden: ReadonlyMap<string, NpyArray>): Promise<void> {
  const threshold = 0.3;
  const { detections = [], image: size } = await predict(model, image, { threshold });
  const rows = toRows(golden.get('out0')!)
    .map((row, index) => ({ row, index }))
    .filter(({ row }) => row[1]! > threshold)
    .sort((a, b) => b.row[1]! - a.row[1]!);
  expect(detections.length).toBe(rows.length);
  expect(detections.map(({ classId }) => classId)).toEqual(rows.map(({ row }) => row[0]));
  detections.forEach((detection, i) => {
    const { row, index } = rows[i]!;
    expect(Math.abs(detection.score - row[1]!)).toBeLessThanOrEqual(tolerances.score);
    expect(largestDifference(detection.box, row.slice(2))).toBeLessThanOrEqual(tolerances.box);
    if (!('mask' in detection)) return;
    const masks = golden.get('out2');
    const expected =
      masks === undefined
        ? decodeRle({ size: [size.height, size.width], counts: oldMasks[path.parse(image).name]![i]! })
        : cropMask(masks, index, size);
    expect(intersectionOverUnion(decodeRle(detection.mask as RleMask), expected)).toBeGreaterThanOrEqual(
      tolerances.iou,
    );
  });
}

async function checkLabels(model: AnyModel, image: string, golden: ReadonlyMap<string, NpyArray>): Promise<void> {
  const result = await predict(model, image, { raw: true });
  if (result.kind !== 'semantic-segmentation') throw new Error(`Got ${result.kind}`);
  const expected = golden.get('out0')!;
  const [, height, width] = expected.shape as [number, number, number];
  const different = countDifferent(result.raw!.outputs[0]!.data as Int32Array, expected.data);
  expect(1 - different / expected.data.length).toBeGreaterThanOrEqual(tolerances.pixels);
  // The script's map has the network's size; pixels of a larger map are compared with the nearest one.
  const map = decodeLabelMap(result);
  expect([map.width, map.height]).toEqual([result.image.width, result.image.height]);
  const nearest = Uint8Array.from(map.data, (_, i) => {
    const [x, y] = [i % map.width, Math.floor(i / map.width)];
    const [sourceX, sourceY] = [Math.floor((x * width) / map.width), Math.floor((y * height) / map.height)];
    return expected.data[sourceY * width + sourceX] as number;
  });
  expect(1 - countDifferent(map.data, nearest) / nearest.length).toBeGreaterThanOrEqual(tolerances.pixels);
}

async function checkClasses(model: AnyModel, image: string, golden: ReadonlyMap<string, NpyArray>): Promise<void> {
  const { classes = [], labels } = await predict(model, image);
  const scores = Array.from(golden.get('out0')!.data, (score, classId) => ({ classId, score }));
  const expected = scores.sort((a, b) => b.score - a.score).slice(0, 5);
  expect(classes.map(({ classId }) => classId)).toEqual(expected.map(({ classId }) => classId));
  expect(classes.map(({ label }) => label)).toEqual(expected.map(({ classId }) => labels[classId]));
  const differences = classes.map(({ score }, i) => Math.abs(score - expected[i]!.score));
  expect(Math.max(...differences)).toBeLessThanOrEqual(tolerances.score);
}

function toRows({ data, shape }: NpyArray): number[][] {
  const columns = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, row) => Array.from(data.subarray(row * columns, (row + 1) * columns)));
}

/** One of the network's masks at the image's size: cropped or padded with 0. */
function cropMask({ data, shape }: NpyArray, index: number, size: { width: number; height: number }): Bitmap {
  const [, height, width] = shape as [number, number, number];
  const bitmap = new Uint8Array(size.width * size.height);
  for (let y = 0; y < Math.min(height, size.height); y++) {
    for (let x = 0; x < Math.min(width, size.width); x++) {
      bitmap[y * size.width + x] = data[(index * height + y) * width + x] as number;
    }
  }
  return decodeRle(encodeRle({ ...size, data: bitmap }));
}

export function intersectionOverUnion(a: Bitmap, b: Bitmap): number {
  let [both, either] = [0, 0];
  a.data.forEach((value, i) => {
    if (value === 1 && b.data[i] === 1) both++;
    if (value === 1 || b.data[i] === 1) either++;
  });
  return either === 0 ? 1 : both / either;
}

function countDifferent(a: ArrayLike<number | bigint>, b: ArrayLike<number>): number {
  let count = Math.abs(a.length - b.length);
  for (let i = 0; i < a.length; i++) if (Number(a[i]) !== b[i]) count++;
  return count;
}

function largestDifference(a: ArrayLike<number | bigint>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(Number(a[i]) - (b[i] as number)));
  return largest;
}
