import path from 'node:path';
import { PaddleLabError } from '../errors';
import { statIfThere } from '../files/fs';
import type { DatasetProblem } from './dataset';

/** How many files are looked for at once. */
const parallel = 64;

/** Whether each file exists. */
export async function areThere(files: readonly string[]): Promise<boolean[]> {
  const there: boolean[] = [];
  for (let start = 0; start < files.length; start += parallel) {
    const found = await Promise.all(files.slice(start, start + parallel).map(statIfThere));
    there.push(...found.map((stats) => stats?.isFile() === true));
  }
  return there;
}

/** The first images decide which folder is that of all. */
const probed = 8;

/**
 * The folder that has the images: the first of `candidates` with any of the first ones.
 *
 * @throws PaddleLabError DATASET_INVALID with the places where they were looked for
 */
export async function findImageFolder(
  data: string,
  names: readonly string[],
  candidates: readonly string[],
): Promise<string> {
  const unique = [...new Set(candidates)];
  for (const folder of unique) {
    const there = await areThere(names.slice(0, probed).map((name) => path.resolve(folder, name)));
    if (there.includes(true)) return folder;
  }
  throw new PaddleLabError(
    'DATASET_INVALID',
    `Expected the images of ${data} but found none of the first ones, such as ${names[0]}, in ${unique.join(', ')}; ` +
      'name their folder with images',
  );
}

/** Items whose image exists, and a problem for each other one. */
export async function withImages<T>(
  items: readonly T[],
  fileOf: (item: T) => string,
): Promise<{ readonly present: readonly T[]; readonly problems: readonly DatasetProblem[] }> {
  const there = await areThere(items.map(fileOf));
  const problems = items.flatMap((item, i): DatasetProblem[] => {
    return there[i] ? [] : [{ kind: 'image-left-out', file: fileOf(item), message: 'The image does not exist' }];
  });
  return { present: items.filter((_, i) => there[i]), problems };
}

/** @throws PaddleLabError DATASET_INVALID if all images are missing */
export function checkSomePresent(data: string, present: readonly unknown[], problems: readonly DatasetProblem[]): void {
  if (present.length > 0) return;
  const [first] = problems;
  if (first === undefined) return;
  throw new PaddleLabError(
    'DATASET_INVALID',
    `Expected the images of ${data} but none exists; the first one should be ${first.file}; name their folder with images`,
  );
}
