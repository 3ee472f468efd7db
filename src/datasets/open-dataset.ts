import { PaddleLabError } from '../errors';
import { open, readdir, statIfThere } from '../files/fs';
import { resolvePath } from '../image/image';
import { abortSignal, anyText, integer, listOf, type OptionChecks, oneOf, readOptions, text } from '../options';
import { checkString, throwIfAborted } from '../validate';
import { classNames } from './class-names';
import type { Dataset, DatasetFormat } from './dataset';
import type { DatasetPlace, DatasetReader } from './format';
import { datasetFormats, formats } from './formats';

export interface OpenDatasetOptions {
  /** The format; by default it is recognised by the content. */
  readonly format?: DatasetFormat;
  /** The folder of the images; by default it is looked for beside the data. */
  readonly images?: string;
  /** The names of the classes: a list, or a file with one per line, or a YAML file with `names`. */
  readonly classes?: readonly string[] | string;
  /** The part of a data set that has several: `val` by default, if there is one. */
  readonly split?: string;
  /** Only the first images, an integer ≥ 1; all by default. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

const names = listOf('array of class names', anyText);

const checks = {
  format: oneOf(datasetFormats),
  images: text,
  classes: (name, classes) => (typeof classes === 'string' ? text(name, classes) : names(name, classes)),
  split: text,
  limit: integer(1),
  signal: abortSignal,
} satisfies OptionChecks<OpenDatasetOptions>;

/**
 * Opens images with their truth, for `evaluate`: a COCO file, a PASCAL VOC or YOLO folder, a folder per class, a list of
 * images with classes (PaddleClas) or masks (PaddleSeg), Cityscapes. The images are not read yet.
 *
 * @param data the file or folder
 * @throws PaddleLabError FILE_NOT_FOUND, DATASET_INVALID, INVALID_ARGUMENT, UNKNOWN_OPTION, ABORTED
 *
 * @example
 * import { openDataset } from 'paddlelab';
 * const scenes = await openDataset('shapes_val/coco.json', { limit: 100 });
 * scenes.classes; // [ 'circle', 'square', 'triangle', 'star', 'heart' ]
 */
export async function openDataset(data: string, options: OpenDatasetOptions = {}): Promise<Dataset> {
  const given = readOptions('openDataset', options, checks);
  const place = await placeOf(resolvePath(checkString('data', data)));
  const { signal, split, limit } = given;
  const images = given.images === undefined ? undefined : resolvePath(given.images);
  const classes = await classNames(given.classes);
  const reader = await readerOf(place, given.format);
  throwIfAborted(signal);
  const found = await reader.read(place, { images, classes, split, signal });
  if (found.images.length === 0) {
    const text = `Expected a data set with images but found none in ${place.path} (${reader.format})`;
    throw new PaddleLabError('DATASET_INVALID', text);
  }
  return { format: reader.format, path: place.path, ...found, images: found.images.slice(0, limit) };
}

async function readerOf(place: DatasetPlace, format: DatasetFormat | undefined): Promise<DatasetReader> {
  if (format !== undefined) return formats.find((reader) => reader.format === format) as DatasetReader;
  for (const reader of formats) if (await reader.recognises(place)) return reader;
  throw new PaddleLabError(
    'DATASET_INVALID',
    `Expected a data set in one of the formats ${datasetFormats.join(', ')} but could not recognise ${place.path}; ` +
      'name its format',
  );
}

/** The format of a file is seen in its first bytes. */
const headBytes = 65_536;

async function placeOf(target: string): Promise<DatasetPlace> {
  const found = await statIfThere(target);
  if (found === undefined) throw new PaddleLabError('FILE_NOT_FOUND', `Data set ${target} does not exist`);
  if (found.isDirectory()) {
    return { path: target, folder: true, names: (await readdir(target)).sort(), head: '' };
  }
  const file = await open(target);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return { path: target, folder: false, names: [], head: buffer.toString('utf8', 0, bytesRead) };
  } finally {
    await file.close();
  }
}
