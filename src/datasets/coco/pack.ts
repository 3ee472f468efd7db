import type { DatasetProblem } from '../dataset';
import { imageLeftOut } from '../faults';
import type { TrueObject } from '../truth';
import { type CocoJson, parseCocoJson } from './coco-json';
import { cocoObject, isQuad } from './coco-object';

/**
 * A file in COCO's format, compact and grouped by image, in a form that passes quickly between threads. What takes long
 * for a large file is already done: each image's truth is a short text that is parsed when it is wanted.
 */
export interface PackedCoco {
  readonly classes: readonly string[];
  readonly categoryIds: readonly number[];
  /** JSON of the `PackedHead` of some images each. */
  readonly heads: readonly string[];
  /** JSON of a `PackedTruth` of each image, one after another, and where each of them ends. */
  readonly bodies: Uint8Array;
  readonly ends: Float64Array;
}

export type PackedHead = readonly [id: number, name: string, width: number, height: number];
/** No objects if the image can't be used. */
export type PackedTruth = readonly [objects: readonly TrueObject[] | null, problems: readonly DatasetProblem[]];

/** Images whose heads are one text: few enough to be parsed in a moment. */
const headsTogether = 1000;

/** @throws PaddleLabError DATASET_INVALID */
export function packCoco(file: string, bytes: Uint8Array): PackedCoco {
  const content = parseCocoJson(file, bytes);
  const { images, categories } = content;
  const heads: string[] = [];
  for (let from = 0; from < images.length; from += headsTogether) {
    const some = images.slice(from, from + headsTogether);
    heads.push(
      JSON.stringify(some.map(({ id, file_name, width, height }): PackedHead => [id, file_name, width, height])),
    );
  }
  const bodies = packedTruths(file, content);
  let end = 0;
  return {
    classes: categories.map(({ name }) => name),
    categoryIds: categories.map(({ id }) => id),
    heads,
    bodies: Buffer.concat(bodies),
    ends: Float64Array.from(bodies, ({ length }) => (end += length)),
  };
}

function packedTruths(file: string, { images, annotations, categories }: CocoJson): Buffer[] {
  const classIds = new Map(categories.map(({ id }, index) => [id, index]));
  const quads = annotations.length > 0 && annotations.every(isQuad);
  const ofImage = new Map<number, number[]>(images.map(({ id }) => [id, []]));
  annotations.forEach(({ image_id }, index) => {
    ofImage.get(image_id)?.push(index);
  });
  return images.map((image, index) => {
    const problems: DatasetProblem[] = [];
    if (image.width <= 0 || image.height <= 0) {
      const size = `${image.width} × ${image.height}`;
      const problem = imageLeftOut(file, `images[${index}]`, `Image ${image.file_name} of ${size} pixels`);
      return packed([null, [problem]]);
    }
    const objects = (ofImage.get(image.id) ?? []).map((at) => {
      const annotation = annotations[at] as CocoJson['annotations'][number];
      const place = { file, place: `annotations[${at}]`, image, problems };
      return cocoObject(annotation, classIds.get(annotation.category_id) as number, place, quads);
    });
    return packed([objects, problems]);
  });
}

function packed(truth: PackedTruth): Buffer {
  return Buffer.from(JSON.stringify(truth));
}

export function unpackTruth({ bodies, ends }: PackedCoco, index: number): PackedTruth {
  const from = index === 0 ? 0 : (ends[index - 1] as number);
  const body = bodies.subarray(from, ends[index]);
  return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')) as PackedTruth;
}
