import { beforeAll, expect, test } from 'vitest';
import { type RotatedDetection, type RotatedDetectionResult, toCoco } from '../../src';
import { askPython, ensurePythonCoco } from './python-paddle';

interface Answer {
  readonly loaded: readonly { bbox: number[]; segmentation: number[][]; pixels: number }[];
  readonly segm: number;
  readonly bbox: number;
}

const [width, height] = [400, 300];

/** A rectangle rotated around its centre. */
function turned(x: number, y: number, w: number, h: number, degrees: number): RotatedDetection {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const sides = [
    [-w, -h],
    [w, -h],
    [w, h],
    [-w, h],
  ] as const;
  const points = sides.map(([dx, dy]) => [x + (dx * cos - dy * sin) / 2, y + (dx * sin + dy * cos) / 2] as const);
  const [xs, ys] = [points.map(([px]) => px), points.map(([, py]) => py)];
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
  return { classId: 0, label: 'ship', score: 0.9, box, corners: points.flat() };
}

const ships = [turned(100, 100, 120, 20, 35), turned(250, 150, 60, 60, 10), turned(390, 290, 80, 30, -60)];
/** Boxes with the same bounding boxes, but rotated the other way. */
const mirrored = [turned(100, 100, 120, 20, -35), turned(250, 150, 60, 60, -10), turned(390, 290, 80, 30, 60)];

function resultOf(detections: readonly RotatedDetection[]): RotatedDetectionResult {
  const timings = { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 };
  return { kind: 'rotated-detection', image: { width, height }, threshold: 0, labels: ['ship'], timings, detections };
}

/** Ground truth in COCO's format, made from our own records. */
function truthOf(detections: readonly RotatedDetection[]): object {
  const records = toCoco(resultOf(detections), { imageId: 1, categoryIds: [1] });
  return {
    images: [{ id: 1, width, height, file_name: 'a.png' }],
    categories: [{ id: 1, name: 'ship' }],
    annotations: records.map((record, i) => ({ ...record, id: i + 1, iscrowd: 0 })),
  };
}

let python: string | undefined;
beforeAll(async () => {
  python = await ensurePythonCoco();
});

const results = toCoco(resultOf(ships), { imageId: 1, categoryIds: [1] });

test('pycocotools reads rotated boxes as the polygons of their corners', async ({ skip }) => {
  if (python === undefined) return skip();
  const { loaded, segm, bbox } = await askPython<Answer>(python, 'coco_tools.py', { truth: truthOf(ships), results });
  expect(loaded.map(({ segmentation }) => segmentation)).toEqual(ships.map(({ corners }) => [corners]));
  // The last one extends beyond the image.
  for (const [i, { area }] of results.slice(0, 2).entries() as Iterable<[number, { area: number }]>) {
    expect(loaded[i]!.pixels).toBeGreaterThan(area * 0.97);
    expect(loaded[i]!.pixels).toBeLessThan(area * 1.03);
  }
  expect(segm).toBeCloseTo(1, 6);
  expect(bbox).toBeCloseTo(1, 6);
});

test('pycocotools tells boxes apart that differ in their angle only', async ({ skip }) => {
  if (python === undefined) return skip();
  const asked = { truth: truthOf(mirrored), results };
  const { segm, bbox } = await askPython<Answer>(python, 'coco_tools.py', asked);
  expect(bbox).toBeCloseTo(1, 6);
  expect(segm).toBeLessThan(0.4);
});
