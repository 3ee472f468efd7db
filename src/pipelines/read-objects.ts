import { decodeRle, encodeRle, readRuns } from '../image/rle';
import type { Box, Detection, InstanceDetection, Person, RleMask, RotatedDetection } from '../results';
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

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The masks are of the whole image, or of their boxes alone. */
export function readInstances(values: AnswerValues, { instances }: Fields, image: Size): InstanceDetection[] {
  return values
    .objects('instances', instances)
    .map((one) => {
      const box = values.box('bbox', one.bbox);
      const mask = readMask(values, values.object('mask', one.mask), box, image);
      return { ...classOf(values, one), box, mask };
    })
    .sort(byScore);
}

function readMask(values: AnswerValues, { rleResult, size }: Fields, box: Box, image: Size): RleMask {
  const counts = values.text('mask.rleResult', rleResult);
  const [rows, columns] = values.numbers('mask.size', size, 2) as [number, number];
  const place = placeOf(box, image);
  const whole = rows === image.height && columns === image.width;
  if (!whole && (rows !== place.height || columns !== place.width)) {
    const expected = `${image.height}×${image.width} or ${place.height}×${place.width}, the size of the image or the box,`;
    throw values.refuse(`Expected a mask of ${expected} but the server answered ${rows}×${columns}`);
  }
  // Characters of the encoding, and runs that fill the mask.
  const runs = /^[0-o]*$/.test(counts) ? readRuns(counts) : [];
  const area = runs.reduce((sum, run) => sum + run, 0);
  if (area !== rows * columns || runs.some((run) => run < 0)) {
    throw values.refuse(
      `Expected run lengths of ${rows * columns} pixels for mask.rleResult but the server answered others`,
    );
  }
  const mask: RleMask = { size: [rows, columns], counts };
  return whole ? mask : placed(mask, place, image);
}

interface Place extends Size {
  readonly left: number;
  readonly top: number;
}

/** The part of the image from which PaddleX cuts the mask of a box. */
function placeOf([x1, y1, x2, y2]: Box, { width, height }: Size): Place {
  const [left, top] = [between(roundToEven(x1), width), between(roundToEven(y1), height)];
  const [right, bottom] = [between(roundToEven(x2), width), between(roundToEven(y2), height)];
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

function between(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

/** As Python rounds. */
function roundToEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** The mask in the whole image. */
function placed(mask: RleMask, { left, top, width, height }: Place, image: Size): RleMask {
  const { data } = decodeRle(mask);
  const whole = new Uint8Array(image.width * image.height);
  for (let y = 0; y < height; y++) {
    whole.set(data.subarray(y * width, (y + 1) * width), (top + y) * image.width + left);
  }
  return encodeRle({ ...image, data: whole });
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
