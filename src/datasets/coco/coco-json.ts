// The content of COCO's JSON as it is in files: nothing of it is trusted before it has been checked.
import { messageOf } from '../../errors';
import { datasetInvalid, quoted } from '../faults';

export interface CocoImage {
  readonly id: number;
  readonly file_name: string;
  readonly width: number;
  readonly height: number;
}

export interface CocoCategory {
  readonly id: number;
  readonly name: string;
}

/** Only the numbers and `bbox` are checked; see `cocoObject` for the rest. */
export interface CocoAnnotation {
  readonly id?: unknown;
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  readonly area?: unknown;
  readonly iscrowd?: unknown;
  readonly segmentation?: unknown;
  readonly keypoints?: unknown;
  readonly num_keypoints?: unknown;
}

export interface CocoJson {
  readonly images: readonly CocoImage[];
  readonly annotations: readonly CocoAnnotation[];
  readonly categories: readonly CocoCategory[];
}

const lists = ['images', 'annotations', 'categories'] as const;

/**
 * Parses and checks a file in COCO's format.
 *
 * @throws PaddleLabError DATASET_INVALID with the file and the place
 */
export function parseCocoJson(file: string, bytes: Uint8Array): CocoJson {
  const content = parse(file, bytes);
  for (const list of lists) {
    if (!Array.isArray(content[list])) {
      throw datasetInvalid(file, list, `Expected the lists ${lists.join(', ')} of COCO but ${list} is no list`);
    }
  }
  const checked = content as unknown as CocoJson;
  checkImages(file, checked);
  checkCategories(file, checked);
  checkAnnotations(file, checked);
  return checked;
}

function parse(file: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    // Python writes NaN and Infinity, which JSON does not have.
    throw datasetInvalid(file, undefined, `Expected JSON: ${messageOf(error)}`, error);
  }
  if (isObject(content)) return content;
  throw datasetInvalid(file, undefined, `Expected an object with the lists of COCO but received ${quoted(content)}`);
}

function checkImages(file: string, { images }: CocoJson): void {
  const [ids, names] = [new Map<number, number>(), new Map<string, number>()];
  images.forEach((image, index) => {
    const place = `images[${index}]`;
    demand(isObject(image), file, place, 'an object', image);
    demand(Number.isSafeInteger(image.id), file, `${place}.id`, 'an integer', image.id);
    const named = typeof image.file_name === 'string' && image.file_name !== '';
    demand(named, file, `${place}.file_name`, 'a file name', image.file_name);
    for (const side of ['width', 'height'] as const) {
      demand(Number.isSafeInteger(image[side]), file, `${place}.${side}`, 'an integer', image[side]);
    }
    refuseTwice(ids, image.id, index, file, 'images', 'id');
    refuseTwice(names, image.file_name, index, file, 'images', 'file_name');
  });
}

function checkCategories(file: string, { categories }: CocoJson): void {
  const [ids, names] = [new Map<number, number>(), new Map<string, number>()];
  categories.forEach((category, index) => {
    const place = `categories[${index}]`;
    demand(isObject(category), file, place, 'an object', category);
    demand(Number.isSafeInteger(category.id), file, `${place}.id`, 'an integer', category.id);
    demand(typeof category.name === 'string', file, `${place}.name`, 'a name', category.name);
    refuseTwice(ids, category.id, index, file, 'categories', 'id');
    refuseTwice(names, category.name, index, file, 'categories', 'name');
  });
}

function checkAnnotations(file: string, { images, categories, annotations }: CocoJson): void {
  const known = { image_id: new Set(images.map(({ id }) => id)), category_id: new Set(categories.map(({ id }) => id)) };
  const ids = new Map<unknown, number>();
  annotations.forEach((annotation, index) => {
    const place = `annotations[${index}]`;
    demand(isObject(annotation), file, place, 'an object', annotation);
    const { image_id, category_id, bbox, id } = annotation;
    demand(known.image_id.has(image_id), file, `${place}.image_id`, 'the id of an image of the file', image_id);
    const category = known.category_id.has(category_id);
    demand(category, file, `${place}.category_id`, 'the id of a category of the file', category_id);
    const box = Array.isArray(bbox) && bbox.length === 4 && bbox.every(Number.isFinite);
    demand(box, file, `${place}.bbox`, '[x, y, width, height]', bbox);
    // pycocotools would take the last one of two with the same id twice.
    if (id !== undefined) refuseTwice(ids, id, index, file, 'annotations', 'id');
  });
}

function demand(met: boolean, file: string, place: string, expected: string, received: unknown): void {
  if (!met) throw datasetInvalid(file, place, `Expected ${expected} but received ${quoted(received)}`);
}

function refuseTwice<T>(seen: Map<T, number>, value: T, index: number, file: string, list: string, key: string): void {
  const earlier = seen.get(value);
  if (earlier !== undefined) {
    const text = `Expected a different ${key} in each of ${list} but ${quoted(value)} is that of ${list}[${earlier}], too`;
    throw datasetInvalid(file, `${list}[${index}].${key}`, text);
  }
  seen.set(value, index);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
