import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readdir, statIfThere } from '../../files/fs';
import { throwIfAborted } from '../../validate';
import { numbersIn } from '../classes';
import type { Dataset, DatasetImage } from '../dataset';
import { datasetInvalid } from '../faults';
import { findImages, type NamedImage } from '../find-images';
import type { DatasetReader, DatasetSource } from '../source';
import { type PackedCoco, type PackedHead, unpackTruth } from './pack';
import { readPackedCoco } from './read-packed';

/** Boxes, masks and joints in one JSON file. */
export const coco: DatasetReader = {
  format: 'coco',
  expects: 'a .json file with images, annotations and categories, or a folder with annotations/*.json or coco.json',
  options: { folder: [], file: [] },
  recognises: async (source) => {
    if (source.names === undefined) return path.extname(source.path).toLowerCase() === '.json';
    return (await filesIn(source.path, source.names)).length > 0;
  },
  read,
};

async function read(source: DatasetSource): Promise<Dataset> {
  const file = await chooseFile(source);
  const content = await readPackedCoco(file, source.options.signal);
  const numbers = numbersIn(source.classes, content.classes, file, (index) => `categories[${index}].name`);
  const named = await namedImages(content, numbers, file, source);
  const { images, problems } = await findImages(named, file, placesOf(file), source);
  const classes = source.classes ?? content.classes;
  const categoryIds = classes.map((_, classId) => content.categoryIds[numbers.indexOf(classId)]);
  return { format: 'coco', path: source.path, classes, categoryIds, images, problems };
}

async function namedImages(
  content: PackedCoco,
  numbers: readonly number[],
  file: string,
  { options: { signal } }: DatasetSource,
): Promise<NamedImage[]> {
  const named: NamedImage[] = [];
  for (const head of content.heads) {
    for (const [imageId, name, width, height] of JSON.parse(head) as PackedHead[]) {
      const index = named.length;
      const truth = async (): ReturnType<DatasetImage['truth']> => {
        const [objects, problems] = unpackTruth(content, index);
        if (objects === null) return { truth: undefined, problems };
        const numbered = objects.map((object) => ({ ...object, classId: numbers[object.classId] as number }));
        return { truth: { kind: 'objects', objects: numbered, size: { width, height } }, problems };
      };
      named.push({ name, place: `images[${index}].file_name`, imageId, truth });
    }
    // A file may have a hundred thousand images.
    await nextTurn();
    throwIfAborted(signal);
  }
  if (named.length === 0) throw datasetInvalid(file, 'images', 'Expected at least one image');
  return named;
}

async function chooseFile({ path: given, names }: DatasetSource): Promise<string> {
  if (names === undefined) return given;
  const files = await filesIn(given, names);
  const [only] = files;
  if (only !== undefined && files.length === 1) return only;
  const found = files.length === 0 ? 'none' : files.map((file) => path.relative(given, file)).join(', ');
  const next = files.length === 0 ? '' : '; give the path of one of them';
  throw datasetInvalid(given, undefined, `Expected one file in COCO's format in the folder but found ${found}${next}`);
}

/** The files of a folder that are usually in COCO's format. */
async function filesIn(folder: string, names: readonly string[]): Promise<string[]> {
  const own = names.filter((name) => /^(coco|(instances|person_keypoints)_.*)\.json$/i.test(name));
  const annotations = path.join(folder, 'annotations');
  const inside = (await statIfThere(annotations))?.isDirectory() ? (await readdir(annotations)).sort() : [];
  const nested = inside.filter((name) => /\.json$/i.test(name)).map((name) => path.join(annotations, name));
  return [...own.map((name) => path.join(folder, name)), ...nested];
}

/** Where the images of `annotations/instances_val2017.json` may be: beside it, in `images/`, in `val2017/`, in `val/`. */
function placesOf(file: string): string[] {
  const folder = path.dirname(file);
  const part = path.basename(file, path.extname(file)).replace(/^(instances|person_keypoints|coco)_|[._]coco$/g, '');
  const split = /^[a-z]+/.exec(part)?.[0] ?? part;
  return [folder, path.dirname(folder)].flatMap((base) => [
    ...[part, split, path.join('images', part), path.join('images', split)].map((name) => path.join(base, name)),
    path.join(base, 'images'),
    path.join(base, 'JPEGImages'),
    base,
  ]);
}
