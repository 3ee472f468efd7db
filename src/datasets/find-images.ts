import path from 'node:path';
import { PaddleLabError } from '../errors';
import { statIfThere } from '../files/fs';
import { resolvePath } from '../image/image';
import { abortError } from '../validate';
import type { DatasetImage, DatasetProblem } from './dataset';
import { datasetInvalid, imageLeftOut } from './faults';
import type { DatasetSource } from './source';

/** An image as a data set names it. */
export interface NamedImage {
  /** Relative to the folder of the images, or a full path. */
  readonly name: string;
  /** Where it is named, such as `images[3]` or `line 4`. */
  readonly place: string | undefined;
  readonly imageId: number;
  /** Gets the image's file, and the folder in which the images were found. */
  readonly truth: (file: string, folder: string) => ReturnType<DatasetImage['truth']>;
}

/** How many files are looked for at the same time. */
const together = 32;

/**
 * Finds the files of images, all in one folder: that of the option `images`, or the first of `places` that has any.
 * With the option `limit`, no more is looked at than is needed for so many images.
 *
 * @param list the file that names them, for problems
 * @throws PaddleLabError FILE_NOT_FOUND if none is there; DATASET_INVALID if none or one twice is named; ABORTED
 */
export async function findImages(
  named: readonly NamedImage[],
  list: string,
  places: readonly string[],
  { options: { images, limit = Number.POSITIVE_INFINITY, signal } }: DatasetSource,
): Promise<{ readonly images: DatasetImage[]; readonly problems: DatasetProblem[] }> {
  if (named.length === 0) throw datasetInvalid(list, undefined, 'Expected at least one image but it names none');
  refuseRepeated(named, list);
  const folders = images === undefined ? [...new Set(places)] : [resolvePath(images)];
  for (const folder of folders) {
    if (!(await statIfThere(folder))?.isDirectory()) continue;
    const files = named.map(({ name }) => path.resolve(folder, name));
    const there = await areFiles(files, limit, signal);
    if (there.includes(true)) return split(named, folder, there, { list, limit });
  }
  const [first] = named as readonly [NamedImage];
  throw new PaddleLabError(
    'FILE_NOT_FOUND',
    `Found none of the ${named.length} images of ${list}, such as ${first.name}; looked in ${folders.join(', ')}. ` +
      'Give their folder as the option images.',
  );
}

function split(
  named: readonly NamedImage[],
  folder: string,
  there: readonly boolean[],
  { list, limit }: { readonly list: string; readonly limit: number },
): { images: DatasetImage[]; problems: DatasetProblem[] } {
  const found: DatasetImage[] = [];
  const problems: DatasetProblem[] = [];
  for (const [index, { name, place, imageId, truth }] of named.entries()) {
    if (found.length === limit) break;
    const file = path.resolve(folder, name);
    const relative = path.relative(folder, file);
    if (there[index]) found.push({ file, name: relative, imageId, truth: () => truth(file, folder) });
    else problems.push(imageLeftOut(list, place, `Image ${file} does not exist`));
  }
  return { images: found, problems };
}

function refuseRepeated(named: readonly NamedImage[], list: string): void {
  const [names, ids] = [new Map<string, NamedImage>(), new Set<number>()];
  for (const image of named) {
    const key = path.normalize(image.name);
    const earlier = names.get(key);
    if (earlier !== undefined) {
      const where = earlier.place === undefined ? '' : `, as in ${earlier.place}`;
      throw datasetInvalid(list, image.place, `Expected each image once but ${image.name} is named again${where}`);
    }
    if (ids.has(image.imageId)) {
      throw datasetInvalid(list, image.place, `Expected each image number once but ${image.imageId} comes again`);
    }
    names.set(key, image);
    ids.add(image.imageId);
  }
}

/** Whether each is a file; of those after the first `limit` files nothing is said. */
async function areFiles(files: readonly string[], limit: number, signal: AbortSignal | undefined): Promise<boolean[]> {
  const there: boolean[] = [];
  let count = 0;
  for (let from = 0; from < files.length && count < limit; from += together) {
    if (signal?.aborted) throw abortError(signal);
    const found = await Promise.all(files.slice(from, from + together).map(statIfThere));
    const some = found.map((stats) => stats?.isFile() ?? false);
    count += some.filter(Boolean).length;
    there.push(...some);
  }
  return there;
}
