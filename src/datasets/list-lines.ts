import path from 'node:path';
import { readFile } from '../files/fs';
import { datasetInvalid } from './dataset-invalid';

/** A line of a list: an image, and the text after it. */
export interface ListLine {
  readonly image: string;
  readonly rest: string;
  /** `line 3`. */
  readonly place: string;
}

/** The lines of a list file; blank ones and comments (`#`) are left out. A tab or the last blank separates. */
export async function readListLines(file: string, expected: string): Promise<ListLine[]> {
  const lines = (await readFile(file, 'utf8')).replace(/^\ufeff/, '').split(/\r?\n/);
  return lines.flatMap((line, i): ListLine[] => {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return [];
    const place = `line ${i + 1}`;
    const split = splitLine(text);
    if (split === undefined) throw datasetInvalid(file, place, expected, text);
    return [{ ...split, place }];
  });
}

/** File names may have blanks, classes and masks rarely do. */
export function splitLine(text: string): { readonly image: string; readonly rest: string } | undefined {
  const match = text.includes('\t') ? /^([^\t]+)\t+(.+)$/.exec(text) : /^(.+?)[ ,]+(\S+)$/.exec(text);
  const [, image, rest] = match ?? [];
  return image === undefined || rest === undefined ? undefined : { image: image.trim(), rest: rest.trim() };
}

/** Where the images of a list may be. */
export function listFolders(file: string, images: string | undefined): string[] {
  if (images !== undefined) return [images];
  const folder = path.dirname(file);
  return [folder, path.join(folder, 'images'), path.dirname(folder)];
}
