import path from 'node:path';
import { PaddleLabError } from '../errors';
import { readdir, statIfThere } from '../files/fs';
import type { DatasetImage } from './dataset';
import { areThere } from './find-images';
import type { DatasetReader } from './format';
import { maskedImage } from './label-pixels';

/** The 19 classes that are evaluated, by their training numbers. */
const classes: readonly string[] = [
  ...['road', 'sidewalk', 'building', 'wall', 'fence', 'pole', 'traffic light', 'traffic sign', 'vegetation'],
  ...['terrain', 'sky', 'person', 'rider', 'car', 'truck', 'bus', 'train', 'motorcycle', 'bicycle'],
];

/** The `labelIds` of those classes, in their order. */
const labelIds = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];

const ignored = 255;

/** Training numbers of all `labelIds`; the others are ignored. */
const trainIds = Uint8Array.from({ length: 256 }, (_, id) => {
  const trainId = labelIds.indexOf(id);
  return trainId < 0 ? ignored : trainId;
});

/** Cityscapes: `leftImg8bit/` and `gtFine/`, each with a folder per split and city. */
export const cityscapes: DatasetReader = {
  format: 'cityscapes',
  recognises: ({ names }) => names.includes('leftImg8bit') && names.includes('gtFine'),
  async read({ path: root }, { split = 'val' }) {
    const folder = path.join(root, 'leftImg8bit', split);
    if (!(await statIfThere(folder))?.isDirectory()) {
      throw new PaddleLabError('DATASET_INVALID', `Expected the images of split "${split}" in ${folder}`);
    }
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('_leftImg8bit.png'));
    const masks = names.sort().map((name) => path.join(root, 'gtFine', split, name.replace('_leftImg8bit.png', '')));
    const trained = await areThere(masks.map((mask) => `${mask}_gtFine_labelTrainIds.png`));
    const images = names.map((name, i): DatasetImage => {
      const image = { file: path.join(folder, name), name, imageId: i + 1 };
      return trained[i]
        ? maskedImage(image, `${masks[i]}_gtFine_labelTrainIds.png`)
        : maskedImage(image, `${masks[i]}_gtFine_labelIds.png`, trainIds);
    });
    return { classes, images, problems: [] };
  },
};
