import path from 'node:path';
import { PaddleLabError } from '../errors';
import { readdir, statIfThere } from '../files/fs';
import type { Dataset, DatasetProblem } from './dataset';
import { imageLeftOut } from './faults';
import { findImages, type NamedImage } from './find-images';
import { readMaskTruth } from './mask-png';
import type { DatasetReader, DatasetSource } from './source';

/** The classes that are evaluated, in the order of their train ids. */
const trainClasses = [
  ...['road', 'sidewalk', 'building', 'wall', 'fence', 'pole', 'traffic light', 'traffic sign', 'vegetation'],
  ...['terrain', 'sky', 'person', 'rider', 'car', 'truck', 'bus', 'train', 'motorcycle', 'bicycle'],
];

/** The label ids of these classes, in the same order (`cityscapesscripts/helpers/labels.py`); others are ignored. */
const labelIds = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];
const trainIds: ReadonlyMap<number, number> = new Map(labelIds.map((label, classId) => [label, classId]));

const imageEnd = '_leftImg8bit.png';
const maskEnd = /_gtFine_label(Train)?Ids\.png$/;

/** Streets: `leftImg8bit/SPLIT/CITY/*.png`, with masks in `gtFine/`. */
export const cityscapes: DatasetReader = {
  format: 'cityscapes',
  expects: 'a folder with leftImg8bit/ and gtFine/',
  options: { folder: ['split'], file: [] },
  recognises: ({ names }) => names?.includes('leftImg8bit') ?? false,
  read,
};

async function read(source: DatasetSource): Promise<Dataset> {
  const { split = 'val' } = source.options;
  const folder = path.join(source.path, 'leftImg8bit', split);
  if (!(await statIfThere(folder))?.isDirectory()) {
    throw new PaddleLabError(
      'FILE_NOT_FOUND',
      `Found no folder ${folder}; name the part of Cityscapes by the option split`,
    );
  }
  const masks = path.join(source.path, 'gtFine', split);
  const classes = source.classes ?? trainClasses;
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(imageEnd)).sort();
  const named = names.map((name, index): NamedImage => {
    const stem = path.join(masks, name.slice(0, -imageEnd.length));
    const truth: NamedImage['truth'] = async (image) => {
      const mask = `${stem}_gtFine_labelTrainIds.png`;
      if (await statIfThere(mask)) return readMaskTruth({ mask, image, classes });
      return readMaskTruth({ mask: `${stem}_gtFine_labelIds.png`, image, classes, numbers: trainIds });
    };
    return { name, place: undefined, imageId: index + 1, truth };
  });
  const { images, problems } = await findImages(named, folder, [folder], source);
  // With a limit, images are left out on purpose.
  const lost = source.options.limit === undefined ? await masksWithoutImage(masks, names) : [];
  return { format: 'cityscapes', path: source.path, classes, images, problems: [...problems, ...lost] };
}

async function masksWithoutImage(folder: string, images: readonly string[]): Promise<DatasetProblem[]> {
  if (!(await statIfThere(folder))?.isDirectory()) return [];
  const stems = new Set(images.map((name) => name.slice(0, -imageEnd.length)));
  const masks = (await readdir(folder, { recursive: true })).filter((name) => maskEnd.test(name)).sort();
  return masks.flatMap((name) => {
    const stem = name.replace(maskEnd, '');
    if (stems.has(stem)) return [];
    // An image may have both kinds of masks.
    stems.add(stem);
    return imageLeftOut(path.join(folder, name), undefined, `Found no image ${stem}${imageEnd} of this mask`);
  });
}
