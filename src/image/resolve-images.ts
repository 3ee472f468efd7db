import path from 'node:path';
import { PaddleLabError } from '../errors';
import { readdir, readFile, statIfThere } from '../files/fs';
import { findMatches, hasWildcards } from './glob';
import { type ImageInput, resolvePath } from './image';

/** File extensions that count as images in a folder or pattern. */
const extensions = [
  ...['.jpg', '.jpeg', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif', '.bmp'],
  ...['.ppm', '.pgm', '.pbm', '.pnm'],
];

/**
 * Whether an input means a list of images: an array, a folder, a pattern with wildcards (unless a file has exactly that
 * name), or a list file (`.txt`).
 */
export async function namesManyImages(input: ImageInput | readonly ImageInput[]): Promise<boolean> {
  if (Array.isArray(input)) return true;
  if (typeof input !== 'string' || input.startsWith('data:')) return false;
  const found = await statIfThere(resolvePath(input));
  if (found === undefined) return hasWildcards(input);
  return found.isDirectory() || isListFile(input);
}

/**
 * The images of an input, in order: a folder's image files sorted by name, a pattern's matches sorted by path, a list
 * file's lines (paths relative to the list; text after the first blank, such as a label, is ignored), or the members of
 * an array, each of which may be any of these.
 *
 * @throws PaddleLabError FILE_NOT_FOUND if nothing is found
 *
 * @example
 * import { resolveImages } from 'paddlelab';
 * const files = await resolveImages('*.png');
 */
export async function resolveImages(input: ImageInput | readonly ImageInput[]): Promise<ImageInput[]> {
  return resolveFiles(input, isImageFile);
}

/** The same, with other files of folders and patterns. */
export async function resolveFiles(
  input: ImageInput | readonly ImageInput[],
  isWanted: (file: string) => boolean,
): Promise<ImageInput[]> {
  if (Array.isArray(input)) {
    return (await allInOrder((input as readonly ImageInput[]).map((one) => resolveFiles(one, isWanted)))).flat();
  }
  const single = input as ImageInput;
  if (typeof single !== 'string' || !(await namesManyImages(single))) return [single];
  const file = resolvePath(single);
  const found = await statIfThere(file);
  if (found?.isDirectory()) return some(single, await listFolder(file, isWanted));
  if (found !== undefined) return some(single, await readList(file));
  return some(single, (await findMatches(file)).filter(isWanted));
}

/** The results of work side by side; of several failures that of the first in order, not in time. */
export async function allInOrder<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(work);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function some(input: string, files: string[]): string[] {
  if (files.length > 0) return files;
  throw new PaddleLabError('FILE_NOT_FOUND', `Found no images for ${input} (${extensions.join(', ')})`);
}

/** Whether the name of a file says that it is an image. */
export function isImageFile(file: string): boolean {
  // Skips the temporary files of a concurrent run.
  return !path.basename(file).startsWith('.paddlelab-') && extensions.includes(path.extname(file).toLowerCase());
}

function isListFile(file: string): boolean {
  return path.extname(file).toLowerCase() === '.txt';
}

async function listFolder(folder: string, isWanted: (file: string) => boolean): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter(isWanted)
    .sort()
    .map((name) => path.join(folder, name));
}

async function readList(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/).map((line) => line.trim());
  const folder = path.dirname(file);
  return lines.filter((line) => line !== '').map((line) => path.resolve(folder, line.split(/\s+/)[0] as string));
}
