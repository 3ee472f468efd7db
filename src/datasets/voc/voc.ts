import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { readdir, readFile } from '../../files/fs';
import { classFileIn } from '../classes';
import type { Dataset, DatasetImage, DatasetProblem } from '../dataset';
import { datasetInvalid, imageLeftOut, kept, leftOut, quoted } from '../faults';
import { findImages, type NamedImage } from '../find-images';
import type { DatasetReader, DatasetSource } from '../source';
import { fieldsOf, readLines } from '../text-lines';
import type { TrueObject } from '../truth';
import { parseVoc, type VocAnnotation, type VocObject } from './parse-voc';
import { chooseVocList, readVocNames, vocImageName } from './voc-folder';

/** VOC's own classes, in PaddleDetection's order. */
const vocClasses = [
  ...['aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow', 'diningtable', 'dog'],
  ...['horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa', 'train', 'tvmonitor'],
];

/** Boxes in one XML file per image. */
export const voc: DatasetReader = {
  format: 'voc',
  expects: 'a folder with Annotations/*.xml and JPEGImages/, or a .txt file with `image xml` on each line',
  options: { folder: ['split'], file: ['separator'] },
  recognises: ({ names, firstLines: [first], options: { separator } }) => {
    if (names !== undefined) return names.includes('Annotations') && /JPEGImages|ImageSets/.test(names.join('\n'));
    return first !== undefined && /\.xml$/i.test(fieldsOf(first, separator)[1] ?? '');
  },
  read: (source) => (source.names === undefined ? readList(source) : readFolder(source)),
};

async function readFolder(source: DatasetSource): Promise<Dataset> {
  const classes = source.classes ?? (await classFileIn(source.path, source.names ?? [])) ?? vocClasses;
  const list = await chooseVocList(source, 'Main');
  const listed = await readVocNames(list.file, list.lines, source);
  const named = listed.map(({ stem, place }, index): NamedImage => {
    const xml = path.join(source.path, 'Annotations', `${stem}.xml`);
    const truth: NamedImage['truth'] = () => readTruth(xml, classes);
    return { name: vocImageName(stem, list.images), place, imageId: index + 1, truth };
  });
  const { images, problems } = await findImages(named, list.file, [path.join(source.path, 'JPEGImages')], source);
  const without =
    list.lines === undefined ? imagesWithout(listed, list.images, path.dirname(images[0]?.file ?? '')) : [];
  return { format: 'voc', path: source.path, classes, images, problems: [...problems, ...without] };
}

/** Images that no XML file belongs to; a list may leave images out. */
function imagesWithout(
  listed: readonly { readonly stem: string }[],
  images: ReadonlyMap<string, string>,
  folder: string,
): DatasetProblem[] {
  const stems = new Set(listed.map(({ stem }) => stem));
  return [...images]
    .filter(([stem]) => !stems.has(stem))
    .map(([stem, name]) => imageLeftOut(path.join(folder, name), undefined, `Found no Annotations/${stem}.xml for it`));
}

/** PaddleDetection's list: an image and its XML file a line. */
async function readList(source: DatasetSource): Promise<Dataset> {
  const { path: file, options } = source;
  const folder = path.dirname(file);
  const classes = source.classes ?? (await classFileIn(folder, await readdir(folder))) ?? vocClasses;
  const named = (await readLines(file)).map(({ text, place }, index): NamedImage => {
    const [name = '', xml = ''] = fieldsOf(text, options.separator);
    if (xml === '')
      throw datasetInvalid(file, place, `Expected an image and its XML file but received ${quoted(text)}`);
    const truth: NamedImage['truth'] = (_, images) => readTruth(path.resolve(images, xml), classes);
    return { name, place, imageId: index + 1, truth };
  });
  const { images, problems } = await findImages(named, file, [folder, path.dirname(folder)], source);
  return { format: 'voc', path: file, classes, images, problems };
}

async function readTruth(xml: string, classes: readonly string[]): ReturnType<DatasetImage['truth']> {
  let text: string;
  try {
    text = await readFile(xml, 'utf8');
  } catch (error) {
    if (!(error instanceof PaddleLabError)) throw error;
    return { truth: undefined, problems: [imageLeftOut(xml, undefined, error.message)] };
  }
  const annotation = parseVoc(xml, text);
  const problems: DatasetProblem[] = [];
  const objects = annotation.objects.flatMap((object): TrueObject[] => {
    const classId = classes.indexOf(object.name);
    if (classId < 0) {
      const text = `Expected one of the ${classes.length} classes but received ${quoted(object.name)}`;
      throw datasetInvalid(xml, `${object.place}.name`, `${text}; give the names as the option classes`);
    }
    const box = boxOf(object, annotation, xml, problems);
    if (box === undefined) return [];
    return [{ classId, box, area: box[2] * box[3], crowd: false, ignored: object.difficult }];
  });
  const { width, height } = annotation;
  return { truth: { kind: 'objects', objects, size: { width, height } }, problems };
}

/**
 * The box as PaddleDetection reads VOC (`ppdet/data/source/voc.py`): 1 is not subtracted, it is cut off at 0 and at the
 * last pixel of the image, and without width or height it is left out.
 */
function boxOf(
  { bounds: [xmin, ymin, xmax, ymax], place }: VocObject,
  { width, height }: VocAnnotation,
  file: string,
  problems: DatasetProblem[],
): TrueObject['box'] | undefined {
  const at = `${place}.bndbox`;
  const [left, top] = [Math.max(0, xmin), Math.max(0, ymin)];
  const [right, bottom] = [Math.min(width - 1, xmax), Math.min(height - 1, ymax)];
  const text = `Box from ${xmin}, ${ymin} to ${xmax}, ${ymax}`;
  if (right <= left || bottom <= top) {
    problems.push(leftOut(file, at, `${text} has no area in its image of ${width} × ${height} pixels`));
    return undefined;
  }
  // VOC counts from 1, so the last pixel of the image is no fault.
  if (xmin < 0 || ymin < 0 || xmax > width || ymax > height) {
    problems.push(kept(file, at, `${text} reaches outside its image of ${width} × ${height} pixels; it is cut off`));
  }
  return [left, top, right - left, bottom - top];
}
