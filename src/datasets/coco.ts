import path from 'node:path';
import { PaddleLabError } from '../errors';
import { readdir, readFile, statIfThere } from '../files/fs';
import { throwIfAborted } from '../validate';
import { type CocoFile, type CocoImage, parseCocoFile } from './coco-file';
import { cocoObject } from './coco-object';
import type { Dataset, DatasetImage, DatasetProblem } from './dataset';
import { datasetInvalid } from './dataset-invalid';
import { checkSomePresent, findImageFolder, withImages } from './find-images';
import type { DatasetPlace, DatasetReader } from './format';
import type { TrueObject } from './truth';

/**
 * COCO: a JSON file with `images`, `annotations` and `categories`, or a folder with one. Classes are numbered in the
 * order of `categories`, as in PaddleDetection.
 */
export const coco: DatasetReader = {
  format: 'coco',
  recognises: async (place) => {
    if (!place.folder) return /\.json$/i.test(place.path);
    return (await jsonFiles(place)).length > 0;
  },
  async read(place, { images, classes, split, signal }) {
    const file = place.folder ? await chooseFile(place, split) : place.path;
    const content = parseCocoFile(file, await readFile(file));
    throwIfAborted(signal);
    checkImages(content, file);
    const names = content.images.map(({ file_name }) => file_name);
    const folder = await findImageFolder(file, names, images === undefined ? foldersBeside(file, split) : [images]);
    const fileOf = ({ file_name }: CocoImage): string => path.resolve(folder, file_name);
    const { present, problems: missing } = await withImages(content.images, fileOf);
    checkSomePresent(file, present, missing);
    const { objects, problems } = groupObjects(content, file);
    return {
      classes: classes ?? content.categories.map(({ name }) => name),
      images: present.map((image, i): DatasetImage => {
        const truth = { kind: 'objects', objects: objects.get(image.id) ?? [] } as const;
        return {
          ...{ file: fileOf(image), name: image.file_name },
          imageId: typeof image.id === 'number' ? image.id : i + 1,
          truth: ({ width, height }) => Promise.resolve({ truth, problems: sizeProblems(image, width, height, file) }),
        };
      }),
      problems: [...missing, ...problems],
    };
  },
};

function sizeProblems(image: CocoImage, width: number, height: number, file: string): DatasetProblem[] {
  if (image.width === width && image.height === height) return [];
  const message = `${image.file_name} has ${width}×${height} pixels, not ${image.width}×${image.height}`;
  return [{ kind: 'kept', file, place: `images, id ${image.id}`, message }];
}

async function jsonFiles({ path: folder, names }: DatasetPlace): Promise<string[]> {
  const own = names.filter((name) => /^(.*coco.*|instances.*|annotations.*)\.json$/i.test(name));
  if (own.length > 0 || !names.includes('annotations')) return own.map((name) => path.join(folder, name));
  if (!(await statIfThere(path.join(folder, 'annotations')))?.isDirectory()) return [];
  const inside = (await readdir(path.join(folder, 'annotations'))).filter((name) => name.endsWith('.json')).sort();
  return inside.map((name) => path.join(folder, 'annotations', name));
}

async function chooseFile(place: DatasetPlace, split = 'val'): Promise<string> {
  const files = await jsonFiles(place);
  const [only] = files;
  if (files.length === 1 && only !== undefined) return only;
  const fitting = files.filter((file) => path.basename(file).includes(split));
  const [first] = fitting;
  if (fitting.length === 1 && first !== undefined) return first;
  const choices = files.map((file) => path.relative(place.path, file)).join(', ');
  const text = `Expected one COCO file for split "${split}" in ${place.path} but found ${choices || 'none'}; name the file`;
  throw new PaddleLabError('DATASET_INVALID', text);
}

/** Where data sets in this format usually have their images. */
function foldersBeside(file: string, split = 'val'): string[] {
  const folder = path.dirname(file);
  const root = path.basename(folder) === 'annotations' ? path.dirname(folder) : folder;
  const name = path.basename(file, path.extname(file)).replace(/^(instances|person_keypoints)_/, '');
  const parts = ['images', name, path.join('images', name), split, `${split}2017`, 'JPEGImages'];
  return [folder, root, ...parts.map((part) => path.join(root, part))];
}

function checkImages({ images }: CocoFile, file: string): void {
  const [ids, names] = [new Set<unknown>(), new Set<string>()];
  for (const [i, image] of images.entries()) {
    const { id, file_name, width, height } = image;
    if (typeof file_name !== 'string' || file_name === '') {
      throw datasetInvalid(file, `images[${i}].file_name`, 'the name of an image', file_name);
    }
    if (typeof id !== 'number' && typeof id !== 'string') throw datasetInvalid(file, `images[${i}].id`, 'an id', id);
    if (ids.has(id)) throw datasetInvalid(file, `images[${i}].id`, 'an id that no other image has', id);
    if (names.has(file_name)) {
      throw datasetInvalid(file, `images[${i}].file_name`, 'a name that no other image has', file_name);
    }
    for (const [key, side] of Object.entries({ width, height })) {
      if (!Number.isInteger(side) || side < 1) throw datasetInvalid(file, `images[${i}].${key}`, 'pixels', side);
    }
    ids.add(id);
    names.add(file_name);
  }
}

/** The objects of each image by its id. */
function groupObjects(
  { images, annotations, categories }: CocoFile,
  file: string,
): { readonly objects: ReadonlyMap<unknown, readonly TrueObject[]>; readonly problems: Dataset['problems'] } {
  const byId = new Map(images.map((image) => [image.id as unknown, image]));
  const classIds = new Map(categories.map(({ id }, classId) => [id as unknown, classId]));
  const objects = new Map<unknown, TrueObject[]>();
  const problems: DatasetProblem[] = [];
  for (const [i, annotation] of annotations.entries()) {
    const image = byId.get(annotation?.image_id);
    if (image === undefined) {
      throw datasetInvalid(file, `annotations[${i}].image_id`, "an image's id", annotation?.image_id);
    }
    const classId = classIds.get(annotation.category_id);
    if (classId === undefined) {
      throw datasetInvalid(file, `annotations[${i}].category_id`, "a category's id", annotation.category_id);
    }
    const object = cocoObject(annotation, classId, image, (kind, key, message) => {
      problems.push({ kind, file, place: `annotations[${i}].${key}`, message });
    });
    if (object === undefined) continue;
    const own = objects.get(image.id);
    if (own === undefined) objects.set(image.id, [object]);
    else own.push(object);
  }
  return { objects, problems };
}
