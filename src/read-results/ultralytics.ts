import { fillPolygons } from '../image/polygon-mask';
import { encodeRle } from '../image/rle';
import { presentResult } from '../model-io/present-result';
import { type OptionChecks, readOptions } from '../options';
import type { Box, ClassificationResult, RleMask } from '../results';
import {
  boxAround,
  count,
  damaged,
  emptyResult,
  type FoundObject,
  finite,
  labelList,
  namesOf,
  numbers,
  type PixelSize,
  pixelSize,
  type ReadResult,
  readList,
  resultOf,
} from './found-object';

/** Options of `parseUltralytics`. */
export interface UltralyticsOptions {
  /** The size of the image, which the file does not have. */
  readonly size: PixelSize;
  /** Names of the classes by their numbers; by default those of the file. */
  readonly labels?: readonly string[];
}

const checks = { size: pixelSize, labels: labelList } satisfies OptionChecks<UltralyticsOptions>;

type Item = Readonly<Record<string, unknown>>;

/**
 * Reads what Ultralytics' `Results.to_json()` and `summary()` give of one image: boxes, also rotated and tracked ones,
 * masks, joints, or classes. A mask is made of its outline, as pycocotools fills polygons, and may differ from the
 * original at its edge. Coordinates must be in pixels (not `normalize=True`).
 *
 * @param items the text, or the parsed list
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; DATASET_INVALID, with the place
 *
 * @example
 * import { parseUltralytics } from 'paddlelab';
 * const text = '[{"name":"dog","class":16,"confidence":0.9,"box":{"x1":1,"y1":2,"x2":30,"y2":40}}]';
 * const { detections } = parseUltralytics(text, { size: { width: 64, height: 48 } });
 * console.log(detections?.[0]?.label);
 */
export function parseUltralytics(items: string | readonly object[], options: UltralyticsOptions): ReadResult {
  const { labels, size } = readOptions<UltralyticsOptions>('parseUltralytics', options, checks);
  const image = pixelSize('size', size);
  const list = readList('items', items);
  if (list.length > 0 && list.every(({ box }) => box === undefined)) return readClasses(list, image, labels);
  return resultOf(
    list.map((item, index) => readItem(item, `items[${index}]`, image)),
    image,
    labels,
  );
}

function readClasses(list: readonly Item[], image: PixelSize, labels: readonly string[] = []): ClassificationResult {
  const read = list.map((item, index) => readClass(item, `items[${index}]`));
  const names = namesOf(read, labels);
  const classes = read.map(({ classId, score }) => ({ classId, label: names[classId] as string, score }));
  const { width, height } = image;
  return presentResult(
    { ...emptyResult, kind: 'classification', image: { width, height }, labels: names, classes },
    {},
  );
}

function readClass(item: Item, place: string): Pick<FoundObject, 'classId' | 'label' | 'score'> {
  const { name, confidence } = item;
  if (name !== undefined && typeof name !== 'string') throw damaged(`${place}.name`, 'a text', name);
  const score = finite(`${place}.confidence`, confidence);
  return { classId: count(`${place}.class`, item.class), label: name, score };
}

function readItem(item: Item, place: string, image: PixelSize): FoundObject {
  const { track_id: trackId, keypoints } = item;
  return {
    ...readClass(item, place),
    ...readBox(item.box, `${place}.box`),
    ...(item.segments !== undefined && { mask: readSegments(item.segments, `${place}.segments`, image) }),
    ...(keypoints !== undefined && { keypoints: readKeypoints(keypoints, `${place}.keypoints`) }),
    ...(trackId !== undefined && { trackId: count(`${place}.track_id`, trackId) }),
  };
}

function readBox(box: unknown, place: string): { readonly box: Box; readonly corners?: readonly number[] } {
  const sides = (box ?? {}) as Item;
  const rotated = 'x3' in sides;
  const names = rotated ? ['x1', 'y1', 'x2', 'y2', 'x3', 'y3', 'x4', 'y4'] : ['x1', 'y1', 'x2', 'y2'];
  const values = names.map((name) => finite(`${place}.${name}`, sides[name]));
  if (rotated) return { box: boxAround(values), corners: values };
  return { box: values as unknown as Box };
}

function readSegments(segments: unknown, place: string, { width, height }: PixelSize): RleMask {
  const { x, y } = points(segments, place);
  return encodeRle(fillPolygons([x.flatMap((value, i) => [value, y[i] as number])], width, height));
}

function readKeypoints(keypoints: unknown, place: string): FoundObject['keypoints'] {
  const { x, y } = points(keypoints, place);
  // Only models that rate joints have this.
  const { visible } = keypoints as Item;
  const scores = visible === undefined ? x.map(() => 1) : numbers(`${place}.visible`, visible, x.length);
  return x.map((value, i) => ({ x: value, y: y[i] as number, score: scores[i] as number }));
}

function points(given: unknown, place: string): { readonly x: readonly number[]; readonly y: readonly number[] } {
  const { x, y } = (given ?? {}) as Item;
  const xs = numbers(`${place}.x`, x);
  return { x: xs, y: numbers(`${place}.y`, y, xs.length) };
}
