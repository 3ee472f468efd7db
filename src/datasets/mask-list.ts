import path from 'node:path';
import type { DatasetImage } from './dataset';
import { checkSomePresent, findImageFolder, withImages } from './find-images';
import type { DatasetReader } from './format';
import { maskedImage } from './label-pixels';
import { listFolders, readListLines, splitLine } from './list-lines';

/** PaddleSeg's lists: an image and a PNG of class numbers on each line. */
export const maskList: DatasetReader = {
  format: 'mask-list',
  recognises: ({ folder, path: file, head }) => {
    const first = head.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#'));
    return !folder && /\.(txt|lst|list)$/i.test(file) && /\.png$/i.test(splitLine(first?.trim() ?? '')?.rest ?? '');
  },
  async read({ path: file }, { images, classes = [] }) {
    const lines = await readListLines(file, 'an image and its mask, separated by a blank or a tab,');
    const names = lines.map(({ image }) => image);
    const folder = await findImageFolder(file, names, listFolders(file, images));
    const fileOf = ({ image }: { readonly image: string }): string => path.resolve(folder, image);
    const { present, problems } = await withImages(lines, fileOf);
    checkSomePresent(file, present, problems);
    const found = present.map((line, i): DatasetImage => {
      const image = { file: fileOf(line), name: line.image, imageId: i + 1 };
      return maskedImage(image, path.resolve(folder, line.rest));
    });
    return { classes, images: found, problems };
  },
};
