import path from 'node:path';
import { isImageFile } from '../image/resolve-images';
import type { Dataset } from './dataset';
import { datasetInvalid, quoted } from './faults';
import { findImages, type NamedImage } from './find-images';
import { readMaskTruth } from './mask-png';
import type { DatasetReader, DatasetSource } from './source';
import { fieldsOf, readLines, type TextLine } from './text-lines';
import { chooseVocList, readVocNames, vocImageName } from './voc/voc-folder';

/** An image and its mask a line, as in PaddleSeg; and the masks of VOC's folder, if this format is asked for. */
export const maskList: DatasetReader = {
  format: 'mask-list',
  expects: 'a .txt file with `image mask` on each line',
  options: { folder: ['split'], file: ['separator'] },
  recognises: ({ firstLines: [first], options: { separator } }) => {
    const fields = first === undefined ? [] : fieldsOf(first, separator);
    return fields.length === 2 && fields.every(isImageFile);
  },
  read: (source) => (source.names === undefined ? readList(source) : readVocMasks(source)),
};

async function readList(source: DatasetSource): Promise<Dataset> {
  const { path: file } = source;
  const lines = await readLines(file);
  const folder = path.dirname(file);
  const named = lines.map((line, index): NamedImage => {
    const [name, mask] = twoFields(line, source);
    const truth: NamedImage['truth'] = (image, images) =>
      readMaskTruth({ mask: path.resolve(images, mask), image, classes: source.classes });
    return { name, place: line.place, imageId: index + 1, truth };
  });
  const { images, problems } = await findImages(named, file, [folder, path.dirname(folder)], source);
  return { format: 'mask-list', path: file, classes: source.classes ?? [], images, problems };
}

function twoFields({ text, place }: TextLine, { path: file, options }: DatasetSource): [name: string, mask: string] {
  const [name = '', mask = '', ...more] = fieldsOf(text, options.separator);
  if (name !== '' && mask !== '' && more.length === 0) return [name, mask];
  throw datasetInvalid(file, place, `Expected an image and its mask but received ${quoted(text)}`);
}

/** The images of `ImageSets/Segmentation`, with the masks in `SegmentationClass`. */
async function readVocMasks(source: DatasetSource): Promise<Dataset> {
  const list = await chooseVocList(source, 'Segmentation');
  const masks = path.join(source.path, 'SegmentationClass');
  const listed = await readVocNames(list.file, list.lines, source);
  const named = listed.map(({ stem, place }, index): NamedImage => {
    const truth: NamedImage['truth'] = (image) =>
      readMaskTruth({ mask: path.join(masks, `${stem}.png`), image, classes: source.classes });
    return { name: vocImageName(stem, list.images), place, imageId: index + 1, truth };
  });
  const { images, problems } = await findImages(named, list.file, [path.join(source.path, 'JPEGImages')], source);
  return { format: 'mask-list', path: source.path, classes: source.classes ?? [], images, problems };
}
