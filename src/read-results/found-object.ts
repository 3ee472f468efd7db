import { PaddleLabError } from '../errors';
import { presentResult } from '../model-io/present-result';
import { anyText, type Check, listOf } from '../options';
import type {
  Box,
  ClassificationResult,
  DetectionResult,
  InstanceSegmentationResult,
  Keypoint,
  KeypointsResult,
  RleMask,
  RotatedDetectionResult,
} from '../results';
import { checkInteger, invalidArgument } from '../validate';

/** Width and height of an image in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** What the results of other packages become. */
export type ReadResult =
  | DetectionResult
  | InstanceSegmentationResult
  | RotatedDetectionResult
  | KeypointsResult
  | ClassificationResult;

/** The result of one of several images. */
export interface ReadImage {
  /** The image as the file names it: COCO's id, or the value of a column. */
  readonly image: string | number;
  readonly result: ReadResult;
}

/** An object of another package. */
export interface FoundObject {
  readonly classId: number;
  /** Absent where the file has numbers only. */
  readonly label?: string | undefined;
  readonly score: number;
  readonly box: Box;
  readonly mask?: RleMask | undefined;
  readonly corners?: readonly number[] | undefined;
  readonly keypoints?: readonly Keypoint[] | undefined;
  readonly trackId?: number | undefined;
}

/** @throws PaddleLabError INVALID_ARGUMENT unless it is a size */
export function pixelSize(name: string, value: unknown): PixelSize {
  const { width, height } = (value ?? {}) as { readonly width?: unknown; readonly height?: unknown };
  if (typeof value !== 'object') throw invalidArgument(name, 'width and height', value);
  return { width: checkInteger(`${name}.width`, width, 1), height: checkInteger(`${name}.height`, height, 1) };
}

export const labelList: Check<readonly string[]> = listOf('array of class names', anyText);

/**
 * A result of the kind that all objects allow: masks, corners or joints if all have them, otherwise boxes. Best scores
 * first, as from `predict`.
 */
export function resultOf(
  objects: readonly FoundObject[],
  image: PixelSize,
  labels: readonly string[] = [],
): Exclude<ReadResult, ClassificationResult> {
  const names = namesOf(objects, labels);
  const base = { ...emptyResult, image: { width: image.width, height: image.height }, labels: names };
  const sorted = [...objects].sort((a, b) => b.score - a.score);
  const all = (has: (object: FoundObject) => boolean) => objects.length > 0 && objects.every(has);
  if (all(({ keypoints }) => keypoints !== undefined)) {
    const people = sorted.map(({ score, keypoints = [], box }) => ({ score, keypoints, box }));
    return presentResult<KeypointsResult>({ ...base, kind: 'keypoints', people }, {});
  }
  const masked = all(({ mask }) => mask !== undefined);
  const rotated = !masked && all(({ corners }) => corners !== undefined);
  const detections = sorted.map(({ classId, score, box, mask, corners, trackId }) => ({
    ...{ classId, label: names[classId] as string, score, box },
    ...(masked && { mask }),
    ...(rotated && { corners }),
    ...(trackId !== undefined && { trackId }),
  }));
  const kind = masked ? 'instance-segmentation' : rotated ? 'rotated-detection' : 'detection';
  return presentResult({ ...base, kind, detections } as DetectionResult, {});
}

/** What is not known of results that another package made. */
export const emptyResult = {
  threshold: 0,
  timings: { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 },
} as const;

/** The names of the classes by their numbers; the file's own where none are given. */
export function namesOf(
  objects: readonly Pick<FoundObject, 'classId' | 'label'>[],
  labels: readonly string[],
): readonly string[] {
  const most = Math.max(labels.length, ...objects.map(({ classId }) => classId + 1));
  const named = new Map(objects.map(({ classId, label }) => [classId, label]));
  return Array.from({ length: most }, (_, id) => labels[id] ?? named.get(id) ?? `class ${id}`);
}

/** The members of JSON text, or of data that was parsed already. */
export function readList(name: string, given: unknown): readonly Readonly<Record<string, unknown>>[] {
  const list = typeof given === 'string' ? parseJson(name, given) : given;
  if (!Array.isArray(list)) throw damaged(name, 'a list of records', list);
  for (const [index, item] of (list as unknown[]).entries()) {
    if (typeof item !== 'object' || item === null) throw damaged(`${name}[${index}]`, 'an object', item);
  }
  return list as Readonly<Record<string, unknown>>[];
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PaddleLabError('DATASET_INVALID', `Expected JSON for ${name} but ${(cause as Error).message}`, { cause });
  }
}

export function finite(place: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw damaged(place, 'a finite number', value);
  return value;
}

export function count(place: string, value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw damaged(place, 'an integer from 0', value);
  return value as number;
}

export function numbers(place: string, value: unknown, length?: number): readonly number[] {
  const fits =
    Array.isArray(value) && value.every(Number.isFinite) && (length === undefined || value.length === length);
  if (!fits) throw damaged(place, `${length === undefined ? 'a list of' : length} finite numbers`, value);
  return value as readonly number[];
}

export function damaged(place: string, expected: string, received: unknown): PaddleLabError {
  const text = JSON.stringify(received) ?? String(received);
  const shown = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return new PaddleLabError('DATASET_INVALID', `Expected ${expected} for ${place} but received ${shown}`);
}

/** The box around points `x, y, x, y, …`. */
export function boxAround(points: readonly number[]): Box {
  const xs = points.filter((_, i) => i % 2 === 0);
  const ys = points.filter((_, i) => i % 2 === 1);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
