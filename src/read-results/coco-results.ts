import { checkMask } from '../image/check-mask';
import { box as boxOfMask } from '../image/masks';
import { fillPolygons } from '../image/polygon-mask';
import { encodeRle, writeRuns } from '../image/rle';
import { integer, listOf, type OptionChecks, readOptions } from '../options';
import type { Box, Keypoint, RleMask } from '../results';
import {
  boxAround,
  count,
  damaged,
  type FoundObject,
  finite,
  labelList,
  numbers,
  type PixelSize,
  pixelSize,
  type ReadImage,
  readList,
  resultOf,
} from './found-object';

/** Options of `parseCocoResults`. */
export interface CocoResultsOptions {
  /** The size of the images; without it that of the masks is taken, and records without masks are refused. */
  readonly size?: PixelSize;
  /** Names of the classes by their numbers. */
  readonly labels?: readonly string[];
  /** COCO's category id of each class, by its number; by default the category id is the number. */
  readonly categoryIds?: readonly number[];
}

const checks = {
  size: pixelSize,
  labels: labelList,
  categoryIds: listOf('array of numbers by classId', integer(0)),
} satisfies OptionChecks<CocoResultsOptions>;

/**
 * Reads results in COCO's format, as pycocotools loads them and most toolkits write them: boxes, masks (run lengths of both
 * forms, polygons) and joints.
 *
 * @param records the text of the file, or the parsed list
 * @returns the result of each image, in the order in which the images come first
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; DATASET_INVALID, with the record
 *
 * @example
 * import { parseCocoResults, toCoco } from 'paddlelab';
 * const { image, labels } = result;
 * const [first] = parseCocoResults(toCoco(result, { imageId: 7 }), { size: image, labels });
 * console.log(first?.image, first?.result.detections?.length);
 */
export function parseCocoResults(records: string | readonly object[], options: CocoResultsOptions = {}): ReadImage[] {
  const { size, labels, categoryIds } = readOptions<CocoResultsOptions>('parseCocoResults', options, checks);
  const images = new Map<string | number, { objects: FoundObject[]; size: PixelSize | undefined }>();
  for (const [index, record] of readList('records', records).entries()) {
    const place = `records[${index}]`;
    const { image_id: id } = record;
    if (typeof id !== 'string' && typeof id !== 'number') throw damaged(`${place}.image_id`, 'a number or name', id);
    const own = images.get(id) ?? { objects: [], size };
    images.set(id, own);
    own.size ??= sizeOf(record);
    if (own.size === undefined) throw damaged(place, 'a mask, or the images’ size as an option,', record);
    own.objects.push(readRecord(record, place, own.size, categoryIds));
  }
  return [...images].map(([image, own]) => ({ image, result: resultOf(own.objects, own.size as PixelSize, labels) }));
}

type CocoLike = Readonly<Record<string, unknown>>;

function sizeOf({ segmentation }: CocoLike): PixelSize | undefined {
  const { size } = (segmentation ?? {}) as { readonly size?: readonly number[] };
  return size === undefined ? undefined : { height: size[0] as number, width: size[1] as number };
}

function readRecord(
  record: CocoLike,
  place: string,
  size: PixelSize,
  categoryIds: readonly number[] | undefined,
): FoundObject {
  const category = count(`${place}.category_id`, record.category_id);
  const classId = categoryIds === undefined ? category : categoryIds.indexOf(category);
  if (classId === -1) throw damaged(`${place}.category_id`, `one of categoryIds ${categoryIds?.join(', ')}`, category);
  const mask =
    record.segmentation === undefined ? undefined : readMask(record.segmentation, `${place}.segmentation`, size);
  const keypoints = record.keypoints === undefined ? undefined : readJoints(record.keypoints, `${place}.keypoints`);
  const box = readBox(record, place, mask, keypoints);
  return { classId, score: finite(`${place}.score`, record.score), box, mask, keypoints };
}

function readBox(
  record: CocoLike,
  place: string,
  mask: RleMask | undefined,
  keypoints: readonly Keypoint[] | undefined,
): Box {
  const { bbox } = record;
  if (bbox !== undefined) {
    const [x, y, width, height] = numbers(`${place}.bbox`, bbox, 4) as [number, number, number, number];
    return [x, y, x + width, y + height];
  }
  if (mask !== undefined) return boxOfMask(mask) ?? [0, 0, 0, 0];
  if (keypoints !== undefined) return boxAround(keypoints.flatMap(({ x, y }) => [x, y]));
  throw damaged(place, 'a bbox, a segmentation or keypoints', Object.keys(record));
}

function readMask(segmentation: unknown, place: string, { width, height }: PixelSize): RleMask {
  if (Array.isArray(segmentation)) {
    const polygons = segmentation.map((polygon, i) => numbers(`${place}[${i}]`, polygon));
    return encodeRle(fillPolygons(polygons, width, height));
  }
  const { size, counts } = (segmentation ?? {}) as { readonly size?: readonly number[]; readonly counts?: unknown };
  const text = Array.isArray(counts) ? writeRuns(numbers(`${place}.counts`, counts)) : counts;
  if (typeof text !== 'string' || !/^[0-o]*$/.test(text)) throw damaged(`${place}.counts`, 'run lengths', counts);
  const mask = { size: size as RleMask['size'], counts: text };
  checkMask(place, mask, [height, width]);
  return mask;
}

function readJoints(given: unknown, place: string): readonly Keypoint[] {
  const values = numbers(place, given);
  if (values.length % 3 !== 0) throw damaged(place, 'x, y and score of each joint', given);
  return Array.from({ length: values.length / 3 }, (_, i) => {
    const [x, y, score] = values.slice(3 * i, 3 * i + 3) as [number, number, number];
    return { x, y, score };
  });
}
