import { rleArea, writeRuns } from '../image/rle';
import type { RleMask } from '../results';
import { type CocoAnnotation, type CocoImage, isRle } from './coco-file';
import type { DatasetProblem } from './dataset';
import { expectedButReceived } from './dataset-invalid';
import type { Polygons, TrueObject } from './truth';

type Report = (kind: DatasetProblem['kind'], key: string, message: string) => void;

/**
 * The object of an annotation; undefined, with a report, if it can't be used. Boxes without an area and boxes outside
 * the image are kept, because pycocotools counts them, too.
 */
export function cocoObject(
  annotation: CocoAnnotation,
  classId: number,
  image: CocoImage,
  report: Report,
): TrueObject | undefined {
  const mask = annotation.segmentation === undefined ? undefined : maskOf(annotation.segmentation, image, report);
  if (mask === null) return undefined;
  const keypoints = keypointsOf(annotation.keypoints, report);
  if (keypoints === null) return undefined;
  const box = boxOf(annotation.bbox, mask, report);
  if (box === undefined) return undefined;
  checkInside(box, image, report);
  const { area } = annotation;
  const crowd = annotation.iscrowd === 1 || annotation.iscrowd === true;
  const [only] = mask !== undefined && !('counts' in mask) && mask.length === 1 ? mask : [];
  return {
    ...{ classId, box, crowd, ignored: crowd },
    area: typeof area === 'number' && Number.isFinite(area) ? area : areaOf(mask, box),
    ...(mask === undefined ? {} : { mask }),
    ...(only?.length === 8 ? { corners: only } : {}),
    ...(keypoints === undefined ? {} : { keypoints }),
  };
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number' && Number.isFinite(item));
}

/** Null if it can't be used. */
function maskOf(segmentation: unknown, image: CocoImage, report: Report): Polygons | RleMask | undefined | null {
  if (isRle(segmentation)) return rleOf(segmentation, image, report);
  // An empty list stands for no mask in some exports.
  if (Array.isArray(segmentation) && segmentation.length === 0) return undefined;
  const broken = Array.isArray(segmentation)
    ? segmentation.findIndex((polygon) => !isNumbers(polygon) || polygon.length < 6 || polygon.length % 2 === 1)
    : 0;
  if (broken < 0) return segmentation as Polygons;
  const received = Array.isArray(segmentation) ? describePolygon(segmentation[broken]) : typeof segmentation;
  const expected = 'polygons of at least three corners, x and y each, or run lengths';
  report('object-left-out', `segmentation[${broken}]`, expectedButReceived(expected, received));
  return null;
}

function describePolygon(polygon: unknown): string {
  if (!Array.isArray(polygon)) return typeof polygon;
  return isNumbers(polygon) ? `${polygon.length} numbers` : 'a list with other values than numbers';
}

function rleOf(
  { size, counts }: { readonly size: RleMask['size']; readonly counts: string | readonly number[] },
  image: CocoImage,
  report: Report,
): RleMask | null {
  const [height, width] = size;
  if (height !== image.height || width !== image.width) {
    const message = expectedButReceived(`[${image.height},${image.width}], the image's size,`, `[${height},${width}]`);
    report('object-left-out', 'segmentation.size', message);
    return null;
  }
  return { size, counts: typeof counts === 'string' ? counts : writeRuns([...counts]) };
}

function keypointsOf(keypoints: unknown, report: Report): readonly number[] | undefined | null {
  if (keypoints === undefined) return undefined;
  if (isNumbers(keypoints) && keypoints.length % 3 === 0) return keypoints;
  report('object-left-out', 'keypoints', expectedButReceived('x, y and visibility of each joint', typeof keypoints));
  return null;
}

function boxOf(bbox: unknown, mask: Polygons | RleMask | undefined, report: Report): TrueObject['box'] | undefined {
  if (isNumbers(bbox) && bbox.length === 4) {
    const [, , width = 0, height = 0] = bbox;
    if (width <= 0 || height <= 0) report('kept', 'bbox', `A box of ${width}×${height} pixels can't be found`);
    return bbox as unknown as TrueObject['box'];
  }
  if (bbox === undefined && mask !== undefined && !('counts' in mask)) return boundsOf(mask);
  report('object-left-out', 'bbox', expectedButReceived('x, y, width and height', JSON.stringify(bbox) ?? 'nothing'));
  return undefined;
}

function boundsOf(polygons: Polygons): TrueObject['box'] {
  const points = polygons.flat();
  const [xs, ys] = [0, 1].map((odd) => points.filter((_, i) => i % 2 === odd)) as [number[], number[]];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}

function areaOf(mask: Polygons | RleMask | undefined, [, , width, height]: TrueObject['box']): number {
  return mask !== undefined && 'counts' in mask ? rleArea(mask) : width * height;
}

/** Annotators' tools round, so that a pixel beyond the border is usual. */
const tolerance = 1;

function checkInside([x, y, width, height]: TrueObject['box'], image: CocoImage, report: Report): void {
  const inside =
    x >= -tolerance &&
    y >= -tolerance &&
    x + width <= image.width + tolerance &&
    y + height <= image.height + tolerance;
  if (inside) return;
  report(
    'kept',
    'bbox',
    `The box ${x}, ${y}, ${width}×${height} reaches outside the image (${image.width}×${image.height})`,
  );
}
