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

/** File extensions of pictures that can't be read; each is refused with advice where it is given by name. */
const unreadExtensions = [
  ...['.heic', '.heif', '.jxl', '.jp2', '.j2k', '.psd', '.svg', '.ico', '.exr', '.hdr', '.pfm', '.pam', '.ras', '.dcm'],
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
  if (found !== undefined && !found.isDirectory()) return some(single, await readList(file));
  const all = found === undefined ? await findMatches(file) : await listFolder(file);
  return some(single, all.filter(isWanted), all.filter(isUnreadImageFile));
}

/** The results of work side by side; of several failures that of the first in order, not in time. */
export async function allInOrder<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(work);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function some(input: string, files: string[], unread: readonly string[] = []): string[] {
  if (files.length > 0) return files;
  const others = unread.length === 0 ? '' : `; convert those that can't be read, such as ${unread[0]}`;
  throw new PaddleLabError('FILE_NOT_FOUND', `Found no images for ${input} (${extensions.join(', ')})${others}`);
}

/** Whether the name of a file says that it is an image. */
export function isImageFile(file: string): boolean {
  // Skips the temporary files of a concurrent run.
  return !path.basename(file).startsWith('.paddlelab-') && extensions.includes(path.extname(file).toLowerCase());
}

/** Whether the name of a file says that it is a picture that can't be read. */
export function isUnreadImageFile(file: string): boolean {
  return unreadExtensions.includes(path.extname(file).toLowerCase());
}

function isListFile(file: string): boolean {
  return path.extname(file).toLowerCase() === '.txt';
}

async function listFolder(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.sort().map((name) => path.join(folder, name));
}

async function readList(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/).map((line) => line.trim());
  const folder = path.dirname(file);
  return lines.filter((line) => line !== '').map((line) => path.resolve(folder, line.split(/\s+/)[0] as string));
}
