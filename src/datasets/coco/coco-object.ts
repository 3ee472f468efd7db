import { fillPolygons } from '../../image/polygon-mask';
import { readRuns, rleArea, writeRuns } from '../../image/rle';
import type { RleMask } from '../../results';
import type { DatasetProblem } from '../dataset';
import { datasetInvalid, kept, leftOut, quoted } from '../faults';
import type { Polygons, TrueObject } from '../truth';
import { type CocoAnnotation, type CocoImage, isObject } from './coco-json';

/** Where an annotation is, and where to note what is wrong with it. */
export interface AnnotationPlace {
  readonly file: string;
  /** Such as `annotations[17]`. */
  readonly place: string;
  readonly image: CocoImage;
  readonly problems: DatasetProblem[];
}

/** Pixels by which a rounded box may reach over the border of its image without being reported. */
const rounding = 1;

/**
 * A true object as pycocotools' evaluation sees it: a box without area counts, and is missed; the last number of a
 * polygon with an odd count is dropped; and `ignore` has no effect beside `iscrowd`. An object whose mask can't be used
 * is returned without it, so that its box counts.
 *
 * @param quads all objects of the file are single polygons with four corners: they may be rotated boxes
 */
export function cocoObject(
  annotation: CocoAnnotation,
  classId: number,
  at: AnnotationPlace,
  quads: boolean,
): TrueObject {
  const { bbox, iscrowd } = annotation;
  const crowd = isCrowd(iscrowd, at);
  checkBox(bbox, at);
  const mask = hasMask(annotation) ? maskOf(annotation.segmentation, at) : undefined;
  const joints = keypointsOf(annotation, at);
  const corners = quads ? (mask as Polygons | undefined)?.[0] : undefined;
  return {
    classId,
    box: bbox,
    area: areaOf(annotation.area, mask, bbox, at),
    crowd,
    ignored: crowd || joints?.labelled === 0,
    ...(mask === undefined ? {} : { mask }),
    ...(corners === undefined ? {} : { corners }),
    ...(joints === undefined ? {} : { keypoints: joints.keypoints }),
  };
}

/** Whether an annotation is a single polygon with four corners. */
export function isQuad({ segmentation }: CocoAnnotation): boolean {
  if (!Array.isArray(segmentation) || segmentation.length !== 1) return false;
  const [polygon] = segmentation as readonly unknown[];
  return Array.isArray(polygon) && polygon.length === 8 && polygon.every(Number.isFinite);
}

/** Files that only have boxes often give `"segmentation": []` or null. */
function hasMask({ segmentation }: CocoAnnotation): boolean {
  return (
    segmentation !== undefined && segmentation !== null && !(Array.isArray(segmentation) && segmentation.length === 0)
  );
}

function checkBox(
  [x, y, width, height]: CocoAnnotation['bbox'],
  { file, place, image, problems }: AnnotationPlace,
): void {
  const at = `${place}.bbox`;
  if (width <= 0 || height <= 0) {
    problems.push(kept(file, at, `Box of ${width} × ${height} pixels can't be found; it counts as missed`));
  } else if (Math.min(x, y) < -rounding || x + width > image.width + rounding || y + height > image.height + rounding) {
    const size = `${image.width} × ${image.height}`;
    problems.push(kept(file, at, `Box ${quoted([x, y, width, height])} reaches outside its image of ${size} pixels`));
  }
}

/** pycocotools would take any other value for a crowd that is not 0, such as the text "0". */
function isCrowd(value: unknown, { file, place }: AnnotationPlace): boolean {
  if (value === undefined || value === 0 || value === false) return false;
  if (value === 1 || value === true) return true;
  throw datasetInvalid(file, `${place}.iscrowd`, `Expected 0 or 1 but received ${quoted(value)}`);
}

function maskOf(segmentation: unknown, at: AnnotationPlace): Polygons | RleMask | undefined {
  const { file, problems } = at;
  const place = `${at.place}.segmentation`;
  const found = Array.isArray(segmentation)
    ? polygonsOf(segmentation, place, at)
    : isObject(segmentation)
      ? runsOf(segmentation, at.image)
      : `Expected polygons or run lengths but received ${quoted(segmentation)}`;
  if (typeof found !== 'string') return found;
  problems.push(leftOut(file, place, `${found}; the mask is left out, the box counts`));
  return undefined;
}

/** The polygons, or what is wrong with them. */
function polygonsOf(polygons: readonly unknown[], place: string, at: AnnotationPlace): Polygons | string {
  const usable: (readonly number[])[] = [];
  for (const [index, polygon] of polygons.entries()) {
    if (!Array.isArray(polygon) || !polygon.every(Number.isFinite)) {
      return `Expected a list of finite numbers for polygon ${index} but received ${quoted(polygon)}`;
    }
    if (polygon.length < 6) return `Expected at least 3 corners for polygon ${index} but received ${quoted(polygon)}`;
    const even = polygon.length % 2 === 0;
    if (!even) {
      const text = `Polygon with ${polygon.length} numbers: the last one is dropped, as in pycocotools`;
      at.problems.push(kept(at.file, `${place}[${index}]`, text));
    }
    usable.push(even ? (polygon as number[]) : (polygon as number[]).slice(0, -1));
  }
  if (usable.every((polygon) => isDoubtful(polygon, at.image)) && coversNothing(usable, at.image)) {
    at.problems.push(kept(at.file, place, 'Polygons cover no pixel of the image, so that the mask counts as missed'));
  }
  return usable;
}

function coversNothing(polygons: Polygons, { width, height }: CocoImage): boolean {
  return !fillPolygons(polygons, width, height).data.includes(1);
}

/** Whether a polygon has no area or lies beside the image; others are not filled, which takes time. */
function isDoubtful(polygon: readonly number[], { width, height }: CocoImage): boolean {
  let [left, top, right, bottom, area] = [Infinity, Infinity, -Infinity, -Infinity, 0];
  for (let i = 0; i < polygon.length; i += 2) {
    const [x, y] = [polygon[i] as number, polygon[i + 1] as number];
    const next = (i + 2) % polygon.length;
    area += x * (polygon[next + 1] as number) - (polygon[next] as number) * y;
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return area === 0 || right <= 0 || bottom <= 0 || left >= width || top >= height;
}

/** Run lengths, compressed if they are not, or what is wrong with them. */
function runsOf({ size, counts }: Readonly<Record<string, unknown>>, image: CocoImage): RleMask | string {
  const [height, width] = Array.isArray(size) ? (size as readonly unknown[]) : [];
  if (height !== image.height || width !== image.width) {
    return `Expected a mask of [${image.height}, ${image.width}] (height, width) but its size is ${quoted(size)}`;
  }
  const plain = Array.isArray(counts) && counts.every(Number.isSafeInteger) ? (counts as number[]) : undefined;
  // Compressed counts are made of the 64 characters from `0`.
  const text = typeof counts === 'string' && /^[0-o]*$/.test(counts) ? counts : undefined;
  const runs = plain ?? (text === undefined ? undefined : readRuns(text));
  const pixels = image.width * image.height;
  if (runs === undefined || runs.some((run) => run < 0) || runs.reduce((sum, run) => sum + run, 0) !== pixels) {
    return `Expected run lengths of ${pixels} pixels in all but received ${quoted(counts)}`;
  }
  return { size: [image.height, image.width], counts: text ?? writeRuns(runs) };
}

function areaOf(
  area: unknown,
  mask: Polygons | RleMask | undefined,
  [, , width, height]: CocoAnnotation['bbox'],
  { file, place, image, problems }: AnnotationPlace,
): number {
  if (typeof area === 'number') {
    const text = `Area of ${area} pixels: the object is in no range of sizes and is ignored, as in pycocotools`;
    if (area < 0) problems.push(kept(file, `${place}.area`, text));
    return area;
  }
  if (area !== undefined) throw datasetInvalid(file, `${place}.area`, `Expected a number but received ${quoted(area)}`);
  if (mask === undefined) return width * height;
  if ('counts' in mask) return rleArea(mask);
  return fillPolygons(mask, image.width, image.height).data.reduce((sum, inside) => sum + inside, 0);
}

function keypointsOf(
  { keypoints, num_keypoints }: CocoAnnotation,
  { file, place }: AnnotationPlace,
): { readonly keypoints: readonly number[]; readonly labelled: number } | undefined {
  if (keypoints === undefined) return undefined;
  if (!Array.isArray(keypoints) || keypoints.length % 3 !== 0 || !keypoints.every(Number.isFinite)) {
    const text = `Expected x, y and visibility of each joint but received ${quoted(keypoints)}`;
    throw datasetInvalid(file, `${place}.keypoints`, text);
  }
  if (num_keypoints !== undefined && typeof num_keypoints !== 'number') {
    const text = `Expected a number but received ${quoted(num_keypoints)}`;
    throw datasetInvalid(file, `${place}.num_keypoints`, text);
  }
  const joints = keypoints as readonly number[];
  const visible = joints.filter((value, index) => index % 3 === 2 && value > 0).length;
  return { keypoints: joints, labelled: num_keypoints ?? visible };
}
