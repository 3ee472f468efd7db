import { messageOf, PaddleLabError } from '../errors';
import type { RleMask } from '../results';
import { datasetInvalid } from './dataset-invalid';

/** What is read of an image in COCO's format. */
export interface CocoImage {
  readonly id: number | string;
  readonly file_name: string;
  readonly width: number;
  readonly height: number;
}

/** What is read of an annotation in COCO's format; the values are not checked yet. */
export interface CocoAnnotation {
  readonly image_id: number | string;
  readonly category_id: number;
  readonly bbox?: unknown;
  readonly area?: unknown;
  readonly iscrowd?: unknown;
  /** Polygons, or run lengths as numbers or as compressed text. */
  readonly segmentation?: unknown;
  readonly keypoints?: unknown;
}

export interface CocoFile {
  readonly images: readonly CocoImage[];
  readonly annotations: readonly CocoAnnotation[];
  readonly categories: readonly { readonly id: number; readonly name: string }[];
}

/** @throws PaddleLabError DATASET_INVALID if it is no JSON, or lacks one of COCO's lists */
export function parseCocoFile(file: string, bytes: Buffer): CocoFile {
  let content: Partial<CocoFile> | null;
  try {
    content = JSON.parse(bytes.toString('utf8')) as Partial<CocoFile> | null;
  } catch (error) {
    throw new PaddleLabError('DATASET_INVALID', `Expected JSON in ${file}: ${messageOf(error)}`, { cause: error });
  }
  for (const list of ['images', 'annotations', 'categories'] as const) {
    if (!Array.isArray(content?.[list])) throw datasetInvalid(file, list, 'a list', content?.[list]);
  }
  return content as CocoFile;
}

/** Uncompressed or compressed run lengths. */
export function isRle(
  value: unknown,
): value is { readonly size: RleMask['size']; readonly counts: string | readonly number[] } {
  const { size, counts } = (value ?? {}) as { readonly size?: unknown; readonly counts?: unknown };
  const sized = Array.isArray(size) && size.length === 2 && size.every(Number.isInteger);
  return sized && (typeof counts === 'string' || (Array.isArray(counts) && counts.every(Number.isInteger)));
}
