import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { readdir, statIfThere } from '../../files/fs';
import { resolvePath } from '../../image/image';
import { isImageFile } from '../../image/resolve-images';
import { datasetInvalid } from '../faults';
import type { DatasetSource } from '../source';
import { readLines, type TextLine } from '../text-lines';

/** A list in `ImageSets/`, or the folder of annotations in its place. */
export interface VocList {
  readonly file: string;
  /** Undefined if there is no list: all are wanted. */
  readonly lines: readonly TextLine[] | undefined;
  /** Names of the image files by the names without an ending. */
  readonly images: ReadonlyMap<string, string>;
}

/**
 * The list of a part of the data set: that of the option `split`, else `val`, else `test`, else everything.
 *
 * @param kind `Main` or `Segmentation`
 * @throws PaddleLabError FILE_NOT_FOUND
 */
export async function chooseVocList(source: DatasetSource, kind: string): Promise<VocList> {
  const folder = path.join(source.path, 'ImageSets', kind);
  const lists = (await namesIn(folder)).filter((name) => name.endsWith('.txt'));
  const { split, images } = source.options;
  const wanted = split === undefined ? ['val', 'test'] : [split];
  const found = wanted.find((name) => lists.includes(`${name}.txt`));
  if (found === undefined && split !== undefined) {
    const text = `Found no list ${split}.txt in ${folder} (it contains ${lists.join(', ') || 'none'})`;
    throw new PaddleLabError('FILE_NOT_FOUND', text);
  }
  const pictures = await namesIn(images === undefined ? path.join(source.path, 'JPEGImages') : resolvePath(images));
  const named = new Map(pictures.filter(isImageFile).map((name) => [path.parse(name).name, name]));
  const all = path.join(source.path, kind === 'Main' ? 'Annotations' : 'SegmentationClass');
  if (found === undefined) return { file: all, lines: undefined, images: named };
  const file = path.join(folder, `${found}.txt`);
  return { file, lines: await readLines(file), images: named };
}

/** The names on the lines of a list, or of all files in its folder. */
export async function readVocNames(
  file: string,
  lines: readonly TextLine[] | undefined,
  { path: folder }: DatasetSource,
): Promise<{ readonly stem: string; readonly place: string | undefined }[]> {
  // Lists of one class have 1 or -1 behind the name.
  if (lines !== undefined) return lines.map(({ text, place }) => ({ stem: text.split(/\s+/)[0] as string, place }));
  const files = (await namesIn(file)).filter((name) => /\.(xml|png)$/i.test(name));
  if (files.length === 0) throw datasetInvalid(folder, undefined, `Expected files in ${path.basename(file)}/`);
  return files.map((name) => ({ stem: path.parse(name).name, place: undefined }));
}

/** The name of an image's file; that of VOC itself if there is none, so that it is reported as missing. */
export function vocImageName(stem: string, images: ReadonlyMap<string, string>): string {
  return images.get(stem) ?? `${stem}.jpg`;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await statIfThere(folder))?.isDirectory() ? (await readdir(folder)).sort() : [];
}
