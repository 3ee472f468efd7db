import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { encodeRle, writeRuns } from '../image/rle';
import { loadBinding } from '../native/binding';
import type { Box, DetectionResult, InstanceSegmentationResult, PredictResult, RleMask } from '../results';
import { classNumbers, type TruthSource, truthBase } from './truth';

interface CocoImage {
  readonly id: number;
  readonly file_name: string;
  readonly width: number;
  readonly height: number;
}
interface CocoAnnotation {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  /** Polygons, or run lengths as numbers or as compressed text. */
  readonly segmentation?:
    | readonly (readonly number[])[]
    | { readonly size: RleMask['size']; readonly counts: string | number[] };
}
interface CocoFile {
  readonly images: readonly CocoImage[];
  readonly annotations: readonly CocoAnnotation[];
  readonly categories: readonly { readonly id: number; readonly name: string }[];
}

/** Reads one image of a file in COCO's format. */
export async function readCoco({ file, bytes, image: wanted, labels }: TruthSource): Promise<PredictResult> {
  const content = parse(file, bytes);
  const image = findImage(content, wanted, file);
  const numbers = classNumbers(labels ?? content.categories.map(({ name }) => name));
  const found = content.annotations.filter(({ image_id }) => image_id === image.id);
  const detections = found.map(({ category_id, bbox: [x, y, width, height], segmentation }) => {
    const label = content.categories.find(({ id }) => id === category_id)?.name ?? String(category_id);
    const box: Box = [x, y, x + width, y + height];
    const mask = segmentation === undefined ? undefined : maskOf(segmentation, image);
    return { classId: numbers.of(label, file), label, score: 1, box, ...(mask === undefined ? {} : { mask }) };
  });
  const masked = detections.length > 0 && detections.every(({ mask }) => mask !== undefined);
  const kind = masked ? 'instance-segmentation' : 'detection';
  const size = { width: image.width, height: image.height };
  return { ...truthBase, kind, image: size, labels: numbers.labels, detections } as
    | DetectionResult
    | InstanceSegmentationResult;
}

function parse(file: string, bytes: Buffer): CocoFile {
  let content: Partial<CocoFile>;
  try {
    content = JSON.parse(bytes.toString('utf8')) as Partial<CocoFile>;
  } catch (error) {
    throw new PaddleLabError('INVALID_ARGUMENT', `Expected JSON in ${file}: ${messageOf(error)}`, { cause: error });
  }
  const lists = [content.images, content.annotations, content.categories];
  if (lists.every(Array.isArray)) return content as CocoFile;
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected the lists images, annotations and categories of COCO in ${file}`,
  );
}

function findImage({ images }: CocoFile, wanted: string | number | undefined, file: string): CocoImage {
  const [only] = images;
  if (wanted === undefined && images.length === 1 && only !== undefined) return only;
  const name = typeof wanted === 'string' ? path.basename(wanted) : undefined;
  const found = images.find(
    (image) => image.id === wanted || (name !== undefined && path.basename(image.file_name) === name),
  );
  if (found !== undefined) return found;
  const expected = `Expected the name or number of one of the ${images.length} images of ${file} for image`;
  throw new PaddleLabError('INVALID_ARGUMENT', `${expected} but received ${JSON.stringify(wanted)}`);
}

function maskOf(segmentation: NonNullable<CocoAnnotation['segmentation']>, image: CocoImage): RleMask {
  if (!('counts' in segmentation)) return fillPolygons(segmentation, image.width, image.height);
  const { size, counts } = segmentation;
  return { size, counts: typeof counts === 'string' ? counts : writeRuns(counts) };
}

/** The pixels covered at least half by the polygons `[x, y, x, y, …]`, as a mask over the image. */
function fillPolygons(polygons: readonly (readonly number[])[], width: number, height: number): RleMask {
  const inside = new Uint8Array(width * height);
  for (const polygon of polygons) {
    const ends = Uint32Array.of(polygon.length >> 1);
    loadBinding()
      .rasterizePath(Float64Array.from(polygon), ends, width, height)
      .forEach((covered, index) => {
        if (covered >= 128) inside[index] = 1;
      });
  }
  return encodeRle({ width, height, data: inside });
}
