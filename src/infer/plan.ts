import path from 'node:path';
import { PaddleLabError } from '../errors';
import { statIfThere } from '../files/fs';
import { resolvePath } from '../image/image';
import { allInOrder, isImageFile, resolveFiles } from '../image/resolve-images';

/** An image to predict on, and the name of its results. */
export interface PlannedImage {
  /** The full path. */
  readonly file: string;
  /** The path, relative to the folder of results, from which its results are named; unique per image. */
  readonly name: string;
}

/**
 * The images of paths, folders, patterns and lists, without duplicates, and names for their results: base names, as in
 * Paddle's scripts, or, if two images share one, their paths relative to their common folder.
 *
 * @param isWanted which files of folders and patterns; images by default
 * @throws PaddleLabError FILE_NOT_FOUND
 */
export async function planImages(
  paths: readonly string[],
  recursive: boolean,
  isWanted: (file: string) => boolean = isImageFile,
): Promise<PlannedImage[]> {
  const found = await allInOrder(
    paths.map(async (given) => resolveFiles(await expandFolder(given, recursive), isWanted)),
  );
  const files = [...new Set(found.flat().map((input) => resolvePath(input as string)))];
  if (files.length === 0) throw new PaddleLabError('FILE_NOT_FOUND', `Found no images for ${paths.join(', ')}`);
  const names = files.map((file) => path.basename(file));
  if (new Set(names.map(folded)).size === files.length)
    return files.map((file, i) => ({ file, name: names[i] as string }));
  const root = commonFolder(files);
  return files.map((file) => ({ file, name: path.relative(root, file) }));
}

/** PaddleSeg also searches subfolders. */
async function expandFolder(given: string, recursive: boolean): Promise<string> {
  if (!recursive || given.startsWith('data:')) return given;
  const isFolder = (await statIfThere(resolvePath(given)))?.isDirectory();
  return isFolder ? path.join(given, '**', '*') : given;
}

function commonFolder(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => path.dirname(file).split(path.sep));
  const differs = first.findIndex((part, i) => others.some((parts) => parts[i] !== part));
  return (differs < 0 ? first : first.slice(0, differs)).join(path.sep) || path.sep;
}

/** A normal form of names: equal for names that some file systems don't distinguish (case, Unicode normalization). */
export function folded(name: string): string {
  if (/^[ -~]*$/.test(name)) return name.toLowerCase();
  return name.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');
}
