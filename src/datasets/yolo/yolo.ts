import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { readdir, readFile, statIfThere } from '../../files/fs';
import { readImageSize } from '../../image/image-size';
import { isImageFile } from '../../image/resolve-images';
import { classFileIn } from '../classes';
import type { Dataset, DatasetImage, DatasetProblem } from '../dataset';
import { imageLeftOut, kept } from '../faults';
import { findImages, type NamedImage } from '../find-images';
import type { DatasetReader, DatasetSource } from '../source';
import { parseYolo, type YoloImage } from './parse-yolo';
import { yamlIn, yoloImages } from './yolo-images';

/** Objects as fractions of the image, in one text file per image. */
export const yolo: DatasetReader = {
  format: 'yolo',
  expects: 'a folder with images/ and labels/*.txt, its data.yaml, or a .txt file with an image on each line',
  options: { folder: ['split'], file: ['split'] },
  recognises: async ({ path: given, names, firstLines: [first] }) => {
    if (names === undefined)
      return /\.ya?ml$/i.test(given) || (first !== undefined && isImageFile(first) && !/\s/.test(first));
    if (yamlIn(names) !== undefined) return true;
    if (!names.includes('images') || !names.includes('labels')) return false;
    return (await readdir(path.join(given, 'labels'), { recursive: true })).some((name) => name.endsWith('.txt'));
  },
  read,
};

async function read(source: DatasetSource): Promise<Dataset> {
  const { list, folder, folders, names, classes: own, joints } = await yoloImages(source);
  const root = source.names === undefined ? path.dirname(source.path) : source.path;
  const classes = source.classes ?? own ?? (await classFileIn(root, source.names ?? []));
  const named = names.map(({ name, place }, index): NamedImage => {
    const truth: NamedImage['truth'] = (file) => {
      const labels = [labelsOf(file), labelsOf(path.resolve(folder, name))];
      return readTruth(file, labels, { classes, joints });
    };
    return { name, place, imageId: index + 1, truth };
  });
  const { images, problems } = await findImages(named, list, [folder], source);
  // With a limit, images are left out on purpose.
  const lost = source.options.limit === undefined ? await labelsWithoutImage(folders, named, folder) : [];
  return { format: 'yolo', path: source.path, classes: classes ?? [], images, problems: [...problems, ...lost] };
}

/** Files of labels in the folders beside those of the images whose images are missing. */
async function labelsWithoutImage(
  folders: readonly string[],
  named: readonly NamedImage[],
  root: string,
): Promise<DatasetProblem[]> {
  const known = new Set(named.map(({ name }) => labelsOf(path.resolve(root, name))));
  const problems: DatasetProblem[] = [];
  for (const folder of folders) {
    const place = path.dirname(labelsOf(path.join(folder, 'any.png')));
    if (place === folder || !(await statIfThere(place))?.isDirectory()) continue;
    const files = (await readdir(place, { recursive: true })).sort().filter((name) => name.endsWith('.txt'));
    for (const file of files.map((name) => path.join(place, name))) {
      // Label tools put the names of the classes among the labels.
      if (known.has(file) || path.basename(file) === 'classes.txt') continue;
      problems.push(imageLeftOut(file, undefined, `Found no image of these labels in ${folder}`));
    }
  }
  return problems;
}

/** The labels of an image: in `labels/` for the last `images/` of its path, else beside it. */
function labelsOf(image: string): string {
  const parts = image.split(path.sep);
  const at = parts.lastIndexOf('images', parts.length - 2);
  if (at >= 0) parts[at] = 'labels';
  const { dir, name } = path.parse(parts.join(path.sep));
  return path.join(dir, `${name}.txt`);
}

async function readTruth(
  image: string,
  places: readonly string[],
  reading: Pick<YoloImage, 'classes' | 'joints'>,
): ReturnType<DatasetImage['truth']> {
  for (const file of places) {
    if (!(await statIfThere(file))?.isFile()) continue;
    try {
      const size = await readImageSize(image);
      const { objects, problems } = parseYolo(file, await readFile(file, 'utf8'), { ...size, ...reading });
      return { truth: { kind: 'objects', objects }, problems };
    } catch (error) {
      if (!(error instanceof PaddleLabError) || error.code === 'DATASET_INVALID') throw error;
      return { truth: undefined, problems: [imageLeftOut(image, undefined, error.message)] };
    }
  }
  const text = `Found no labels ${[...new Set(places)].join(', ')}; the image counts as one without objects`;
  return { truth: { kind: 'objects', objects: [] }, problems: [kept(image, undefined, text)] };
}
