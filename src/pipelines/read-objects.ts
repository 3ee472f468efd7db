import { readRuns } from '../image/rle';
import type { Detection, InstanceDetection, Person, RleMask, RotatedDetection } from '../results';
import type { AnswerValues } from './answer-values';

type Fields = Readonly<Record<string, unknown>>;

const byScore = (a: { readonly score: number }, b: { readonly score: number }): number => b.score - a.score;

function classOf(values: AnswerValues, { categoryId, categoryName, score }: Fields): Omit<Detection, 'box'> {
  return {
    classId: values.classId('categoryId', categoryId),
    label: values.text('categoryName', categoryName),
    score: values.number('score', score),
  };
}

/** The objects of an answer of object detection, best score first. */
export function readDetections(values: AnswerValues, { detectedObjects }: Fields): Detection[] {
  return values
    .objects('detectedObjects', detectedObjects)
    .map((one) => ({ ...classOf(values, one), box: values.box('bbox', one.bbox) }))
    .sort(byScore);
}

export function readRotated(values: AnswerValues, { detectedObjects }: Fields): RotatedDetection[] {
  return values
    .objects('detectedObjects', detectedObjects)
    .map((one) => {
      const corners = values.numbers('bbox', one.bbox, 8);
      const [xs, ys] = [0, 1].map((axis) => corners.filter((_, i) => i % 2 === axis));
      const box = [Math.min(...xs!), Math.min(...ys!), Math.max(...xs!), Math.max(...ys!)] as const;
      return { ...classOf(values, one), box, corners };
    })
    .sort(byScore);
}

/** @param image the masks must have its size */
export function readInstances(
  values: AnswerValues,
  { instances }: Fields,
  image: { readonly width: number; readonly height: number },
): InstanceDetection[] {
  return values
    .objects('instances', instances)
    .map((one) => {
      const mask = readMask(values, values.object('mask', one.mask), image);
      return { ...classOf(values, one), box: values.box('bbox', one.bbox), mask };
    })
    .sort(byScore);
}

function readMask(
  values: AnswerValues,
  { rleResult, size }: Fields,
  { width, height }: { readonly width: number; readonly height: number },
): RleMask {
  const counts = values.text('mask.rleResult', rleResult);
  const [rows, columns] = values.numbers('mask.size', size, 2);
  if (rows !== height || columns !== width) {
    throw values.refuse(
      `Expected masks of ${height}×${width}, the size of the image, but the server answered ${rows}×${columns}`,
    );
  }
  // Characters of the encoding, and runs that fill the mask.
  const runs = /^[0-o]*$/.test(counts) ? readRuns(counts) : [];
  const area = runs.reduce((sum, run) => sum + run, 0);
  if (area === width * height && runs.every((run) => run >= 0)) return { size: [height, width], counts };
  throw values.refuse(
    `Expected run lengths of ${width * height} pixels for mask.rleResult but the server answered others`,
  );
}

export function readPeople(values: AnswerValues, { persons }: Fields): Person[] {
  return values.objects('persons', persons).map(({ bbox, kpts, kptScore }) => ({
    score: values.number('kptScore', kptScore),
    keypoints: values.list('kpts', kpts).map((one) => {
      const [x, y, score] = values.numbers('kpts', one, 3) as [number, number, number];
      return { x, y, score };
    }),
    box: values.box('bbox', bbox),
  }));
}
