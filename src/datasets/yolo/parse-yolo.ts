import { classNumber } from '../classes';
import type { DatasetProblem } from '../dataset';
import { datasetInvalid, kept, leftOut } from '../faults';
import { linesOf, type TextLine } from '../text-lines';
import type { TrueObject } from '../truth';

/** What is needed to read the fractions of a file of labels. */
export interface YoloImage {
  readonly width: number;
  readonly height: number;
  readonly classes: readonly string[] | undefined;
  /** Of joints: how many, and 2 or 3 numbers of each. */
  readonly joints: readonly [count: number, numbers: number] | undefined;
}

export interface YoloLabels {
  readonly objects: readonly TrueObject[];
  readonly problems: readonly DatasetProblem[];
}

/** By how much a rounded fraction may be outside 0 to 1 without being reported. */
const rounding = 1e-3;

/**
 * Reads the lines of a file of labels: `class cx cy w h`, with joints behind it, or `class x1 y1 x2 y2 x3 y3 …`. Four
 * corners are both a mask and the corners of a rotated box, for the two look the same; the task decides.
 *
 * @throws PaddleLabError DATASET_INVALID with the file and the line
 */
export function parseYolo(file: string, content: string, image: YoloImage): YoloLabels {
  const problems: DatasetProblem[] = [];
  const seen = new Map<string, string>();
  const objects = linesOf(content).flatMap((line): TrueObject[] => {
    const earlier = seen.get(line.text);
    if (earlier !== undefined) {
      problems.push(leftOut(file, line.place, `The same object as in ${earlier}`));
      return [];
    }
    seen.set(line.text, line.place);
    const object = objectOf(file, line, image, problems);
    return object === undefined ? [] : [object];
  });
  return { objects, problems };
}

function objectOf(
  file: string,
  { text, place }: TextLine,
  image: YoloImage,
  problems: DatasetProblem[],
): TrueObject | undefined {
  const [first = '', ...rest] = text.split(/\s+/);
  const classId = classNumber(first, image.classes, file, place);
  if (rest.length === 0) throw datasetInvalid(file, place, 'Expected numbers behind the class but the line has none');
  const numbers = rest.map(Number);
  const shape = numbers.every(Number.isFinite) ? shapeOf(numbers, image) : undefined;
  if (shape === undefined) {
    const joints = image.joints === undefined ? '' : `, ${4 + image.joints[0] * image.joints[1]} with joints`;
    const expected = `Expected 4 finite numbers of a box${joints}, or x and y of at least 3 corners`;
    problems.push(leftOut(file, place, `${expected}, but received ${rest.length}: ${rest.slice(0, 8).join(' ')}`));
    return undefined;
  }
  const [x, y, width, height] = shape.box;
  if (!(width > 0 && height > 0)) {
    problems.push(leftOut(file, place, `Object of ${width} × ${height} pixels has no area`));
    return undefined;
  }
  const [left, top] = [x / image.width, y / image.height];
  const [right, bottom] = [left + width / image.width, top + height / image.height];
  if (Math.min(left, top) < -rounding || Math.max(right, bottom) > 1 + rounding) {
    problems.push(kept(file, place, 'Object reaches outside its image: expected fractions from 0 to 1'));
  }
  return { classId, area: width * height, crowd: false, ignored: false, ...shape };
}

type Shape = Pick<TrueObject, 'box' | 'mask' | 'corners' | 'keypoints'>;

function shapeOf(numbers: readonly number[], image: YoloImage): Shape | undefined {
  const { width, height, joints } = image;
  const box = boxOf(numbers, image);
  if (numbers.length === 4) return { box };
  if (joints !== undefined && numbers.length === 4 + joints[0] * joints[1]) {
    return { box, keypoints: jointsOf(numbers.slice(4), joints[1], image) };
  }
  if (numbers.length < 6 || numbers.length % 2 !== 0) return undefined;
  const polygon = numbers.map((value, index) => value * (index % 2 === 0 ? width : height));
  const bounds = boundsOf(polygon);
  return { box: bounds, mask: [polygon], ...(polygon.length === 8 ? { corners: polygon } : {}) };
}

function boxOf(numbers: readonly number[], { width, height }: YoloImage): TrueObject['box'] {
  const [x = 0, y = 0, w = 0, h = 0] = numbers;
  return [(x - w / 2) * width, (y - h / 2) * height, w * width, h * height];
}

function boundsOf(polygon: readonly number[]): TrueObject['box'] {
  const [xs, ys] = [0, 1].map((axis) => polygon.filter((_, index) => index % 2 === axis)) as [number[], number[]];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}

/** Without a visibility, a joint at 0, 0 is not labelled, as in Ultralytics. */
function jointsOf(values: readonly number[], each: number, { width, height }: YoloImage): number[] {
  const joints: number[] = [];
  for (let at = 0; at < values.length; at += each) {
    const [x = 0, y = 0, visibility = x === 0 && y === 0 ? 0 : 2] = values.slice(at, at + each);
    joints.push(x * width, y * height, visibility);
  }
  return joints;
}
