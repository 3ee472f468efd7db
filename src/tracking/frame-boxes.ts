import type { Box, Detection } from '../results';
import { checkInteger, checkNumber, invalidArgument } from '../validate';
import type { TrackedObject } from './tracker';

/** A detection as the trackers use it: numbers in single precision, as networks give them. */
export interface FrameBox {
  /** Its place in the list that `update` was given. */
  readonly index: number;
  readonly classId: number;
  readonly score: number;
  readonly box: Box;
}

/** An object as a tracker gives it. */
export interface Found {
  readonly id: number;
  /** The place of its detection in the list that `update` was given. */
  readonly index: number;
  readonly score: number;
  readonly box: Box;
}

/** Checks the detections of a frame; those without area are left out, because their shape is no number. */
export function readFrame(detections: unknown): FrameBox[] {
  if (!Array.isArray(detections)) throw invalidArgument('detections', 'list of detections', detections);
  const boxes = detections.map((detection: unknown, index) => readDetection(`detections[${index}]`, detection, index));
  return boxes.filter(({ box: [x1, y1, x2, y2] }) => Math.fround(x2 - x1) > 0 && Math.fround(y2 - y1) > 0);
}

function readDetection(name: string, detection: unknown, index: number): FrameBox {
  if (typeof detection !== 'object' || detection === null) throw invalidArgument(name, 'detection', detection);
  const { classId, score, box } = detection as Partial<Detection>;
  if (!Array.isArray(box) || box.length !== 4 || !box.every(Number.isFinite)) {
    throw invalidArgument(`${name}.box`, 'four finite numbers [x1, y1, x2, y2]', box);
  }
  return {
    index,
    classId: checkInteger(`${name}.classId`, classId, 0),
    score: Math.fround(checkNumber(`${name}.score`, score, 0, 1)),
    box: box.map(Math.fround) as unknown as Box,
  };
}

/** Objects that are too small or too wide are not given out, as in PaddleDetection's script. */
export interface SizeFilter {
  readonly minBoxArea: number;
  readonly verticalRatio: number;
}

/** Joins what a tracker found with the detections. */
export function trackedObjects<D extends Detection>(
  found: readonly Found[],
  detections: readonly D[],
  { minBoxArea, verticalRatio }: SizeFilter,
): TrackedObject<D>[] {
  return found
    .filter(({ box: [x1, y1, x2, y2] }) => {
      const [width, height] = [x2 - x1, y2 - y1];
      return width * height > minBoxArea && !(verticalRatio > 0 && width / height > verticalRatio);
    })
    .map(({ id, index, score, box }) => {
      const detection = detections[index] as D;
      return { id, classId: detection.classId, label: detection.label, score, box, detection };
    });
}
