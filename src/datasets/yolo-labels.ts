import type { DatasetProblem, ImageSize } from './dataset';
import { datasetInvalid } from './dataset-invalid';
import type { TrueObject } from './truth';

/** How many numbers follow the class: a box, four corners, a polygon, or a box and joints. */
export interface LabelShape {
  /** Joints and numbers of each (2 or 3), from `kpt_shape` of the YAML file. */
  readonly joints: readonly [count: number, numbers: number] | undefined;
  /** How many classes there are; unknown without names. */
  readonly classes: number;
}

/**
 * The objects of a label file; all numbers but the class are fractions of the image's size. A file whose lines all have
 * four corners is one of rotated boxes, other polygons are masks.
 *
 * @throws PaddleLabError DATASET_INVALID for a line that has no such form
 */
export function parseLabels(
  file: string,
  text: string,
  size: ImageSize,
  shape: LabelShape,
): { readonly objects: readonly TrueObject[]; readonly problems: readonly DatasetProblem[] } {
  const lines = text.split(/\r?\n/).flatMap((line, i) => {
    return line.trim() === '' ? [] : [{ numbers: line.trim().split(/\s+/).map(Number), place: `line ${i + 1}` }];
  });
  const rotated = lines.length > 0 && lines.every(({ numbers }) => numbers.length === 9);
  const problems: DatasetProblem[] = [];
  const objects = lines.flatMap(({ numbers, place }): TrueObject[] => {
    const [classId = Number.NaN, ...rest] = numbers;
    checkLine(file, place, classId, rest, shape);
    const object = toObject(classId, rest, size, { rotated, joints: shape.joints });
    const [, , width, height] = object.box;
    if (width > 0 && height > 0) {
      const outside = rest.slice(0, 4).some((value) => value < 0 || value > 1);
      if (outside) problems.push({ kind: 'kept', file, place, message: 'It reaches outside the image' });
      return [object];
    }
    problems.push({ kind: 'object-left-out', file, place, message: 'It has no area' });
    return [];
  });
  return { objects, problems };
}

function checkLine(
  file: string,
  place: string,
  classId: number,
  rest: readonly number[],
  { joints, classes }: LabelShape,
): void {
  const most = classes === 0 ? Number.MAX_SAFE_INTEGER : classes - 1;
  if (!Number.isInteger(classId) || classId < 0 || classId > most) {
    throw datasetInvalid(file, place, classes === 0 ? 'a class number' : `a class number from 0 to ${most}`, classId);
  }
  const withJoints = joints !== undefined && rest.length === 4 + joints[0] * joints[1];
  const polygon = rest.length >= 6 && rest.length % 2 === 0;
  if (!rest.some(Number.isNaN) && (rest.length === 4 || polygon || withJoints)) return;
  const expected = 'a class and x, y, width, height, or the corners of a polygon,';
  throw datasetInvalid(file, place, expected, `${rest.length} numbers after the class`);
}

function toObject(
  classId: number,
  rest: readonly number[],
  { width, height }: ImageSize,
  { rotated, joints }: { readonly rotated: boolean; readonly joints: LabelShape['joints'] },
): TrueObject {
  const base = { classId, crowd: false, ignored: false };
  const withJoints = joints !== undefined && rest.length === 4 + joints[0] * joints[1];
  if (rest.length === 4 || withJoints) {
    const [x, y, w, h] = rest as [number, number, number, number];
    const box = [(x - w / 2) * width, (y - h / 2) * height, w * width, h * height] as const;
    const object = { ...base, box, area: box[2] * box[3] };
    return withJoints ? { ...object, keypoints: jointsOf(rest.slice(4), joints[1], width, height) } : object;
  }
  const corners = rest.map((value, i) => value * (i % 2 === 0 ? width : height));
  const [xs, ys] = [0, 1].map((odd) => corners.filter((_, i) => i % 2 === odd)) as [number[], number[]];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const box = [left, top, Math.max(...xs) - left, Math.max(...ys) - top] as const;
  const object = { ...base, box, area: polygonArea(corners) };
  return rotated ? { ...object, corners } : { ...object, mask: [corners] };
}

function polygonArea(corners: readonly number[]): number {
  let doubled = 0;
  for (let i = 0; i < corners.length; i += 2) {
    const next = (i + 2) % corners.length;
    const [x, y, nextX, nextY] = [corners[i], corners[i + 1], corners[next], corners[next + 1]] as number[];
    doubled += (x as number) * (nextY as number) - (nextX as number) * (y as number);
  }
  return Math.abs(doubled) / 2;
}

/** With two numbers a joint, one at 0, 0 is not labelled. */
function jointsOf(values: readonly number[], numbers: number, width: number, height: number): number[] {
  return Array.from({ length: values.length / numbers }, (_, i) => {
    const [x = 0, y = 0, visibility = x === 0 && y === 0 ? 0 : 2] = values.slice(i * numbers, (i + 1) * numbers);
    return [x * width, y * height, visibility];
  }).flat();
}
