import path from 'node:path';
import { readdir } from '../files/fs';
import { isImageFile, isUnreadImageFile } from '../image/resolve-images';
import { numbersIn } from './classes';
import type { Dataset, DatasetProblem } from './dataset';
import { imageLeftOut, kept } from './faults';
import { findImages, type NamedImage } from './find-images';
import type { DatasetReader, DatasetSource } from './source';

/** Names of folders that belong to other formats. */
const others = ['annotations', 'images', 'jpegimages', 'labels', 'leftimg8bit', 'gtfine', 'imagesets'];

/** One folder of images per class, with images in it or in folders of it. */
export const classFolders: DatasetReader = {
  format: 'class-folders',
  expects: 'a folder with one folder of images per class',
  options: { folder: [], file: [] },
  recognises: async ({ path: folder, names }) => {
    if (names === undefined || names.some((name) => others.includes(name.toLowerCase()))) return false;
    if (names.some((name) => /\.(json|ya?ml)$/i.test(name))) return false;
    return (await classesIn(folder)).length > 0;
  },
  read,
};

interface ClassFolder {
  readonly name: string;
  readonly images: readonly string[];
  /** Pictures in formats that can't be read. */
  readonly unread: readonly string[];
}

async function read(source: DatasetSource): Promise<Dataset> {
  const folders = await classesIn(source.path);
  const own = folders.map(({ name }) => name);
  const numbers = numbersIn(source.classes, own, source.path, (index) => `folder ${own[index]}`);
  const named = folders.flatMap(({ name, images }, index) => {
    const truth: NamedImage['truth'] = async () => {
      return { truth: { kind: 'classes', classIds: [numbers[index] as number] }, problems: [] };
    };
    return images.map((image) => ({ name: path.join(name, image), place: undefined, truth }));
  });
  const counted = named.map((image, index): NamedImage => ({ ...image, imageId: index + 1 }));
  const { images, problems } = await findImages(counted, source.path, [source.path], source);
  const doubts = [...looseImages(source), ...unreadImages(folders, source.path), ...emptyFolders(folders, source.path)];
  return {
    format: 'class-folders',
    path: source.path,
    classes: source.classes ?? own,
    images,
    problems: [...problems, ...doubts],
  };
}

function looseImages({ path: folder, names = [] }: DatasetSource): DatasetProblem[] {
  const text = 'Expected each image in the folder of its class, but this one is beside them';
  return names.filter(isImageFile).map((name) => imageLeftOut(path.join(folder, name), undefined, text));
}

function unreadImages(folders: readonly ClassFolder[], folder: string): DatasetProblem[] {
  const text = 'Expected an image that can be read, such as PNG or JPEG; convert it first';
  return folders.flatMap(({ name, unread }) =>
    unread.map((image) => imageLeftOut(path.join(folder, name, image), undefined, text)),
  );
}

function emptyFolders(folders: readonly ClassFolder[], folder: string): DatasetProblem[] {
  const text = 'Expected images of this class but the folder has none; it is counted as a class';
  return folders
    .filter(({ images }) => images.length === 0)
    .map(({ name }) => kept(path.join(folder, name), undefined, text));
}

/** Folders with images, sorted by name, as the classes of ImageNet are counted. */
async function classesIn(folder: string): Promise<ClassFolder[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  const found: ClassFolder[] = [];
  for (const name of names.sort()) {
    const inside = await readdir(path.join(folder, name), { recursive: true });
    found.push({ name, images: inside.filter(isImageFile).sort(), unread: inside.filter(isUnreadImageFile).sort() });
  }
  return found.some(({ images }) => images.length > 0) ? found : [];
}
