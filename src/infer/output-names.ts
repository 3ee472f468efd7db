import path from 'node:path';
import type { ImageWriter } from './outputs/image-writers';
import { folded, type PlannedImage } from './plan';

/** Where the results of images go, below the folder of results. */
export interface OutputNames {
  fileFor(image: PlannedImage, writer: ImageWriter): string;
  /** The results that have another name than they would have alone. */
  readonly renamed: readonly RenamedOutput[];
}

export interface RenamedOutput {
  readonly image: PlannedImage;
  /** What it would be called alone. */
  readonly alone: string;
  readonly file: string;
}

/** Of a file's name in bytes, on Linux. */
const longestName = 255;

/** Where results go whose own folder has the name of a file that is written. */
const elsewhere = 'images';

/**
 * Gives every result of every image a path of its own, once its final ending is known: two images may want one (`a.bmp`
 * and `a.png` are both written as `a.png`). A result that is called as its image keeps that name, the others get the
 * image's whole name before their ending (`a.bmp.png`), or a number. Names that differ only in case or in how an accent is
 * written count as one: results may be copied to a file system that takes them for one. The names don't depend on the
 * order of the images, nor on which of them were done before.
 *
 * @param taken paths that are given to other files
 */
export function nameOutputs(
  images: readonly PlannedImage[],
  writers: readonly ImageWriter[],
  taken: Iterable<string>,
): OutputNames {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const file of taken) {
    files.add(folded(file));
    for (const folder of foldersOf(file)) folders.add(folder);
  }
  const outputs = writers.flatMap((writer) => images.map((image) => wantedBy(image, writer, files)));
  for (const folder of new Set(outputs.map(({ wanted }) => path.dirname(wanted)))) {
    for (const outer of foldersOf(path.join(folder, 'file'))) folders.add(outer);
  }
  const given = new Map<ImageWriter, Map<string, string>>(writers.map((writer) => [writer, new Map()]));
  const renamed: RenamedOutput[] = [];
  for (const { image, writer, alone, wanted } of outputs.sort(ownNamesFirst)) {
    const file = firstFree(candidates(image, wanted), files, folders);
    files.add(folded(file));
    given.get(writer)?.set(image.file, file);
    if (file !== alone) renamed.push({ image, alone, file });
  }
  return { fileFor: (image, writer) => given.get(writer)?.get(image.file) as string, renamed };
}

interface Output {
  readonly image: PlannedImage;
  readonly writer: ImageWriter;
  readonly alone: string;
  readonly wanted: string;
  /** Whether it is called as its image. */
  readonly ownName: boolean;
}

function wantedBy(image: PlannedImage, writer: ImageWriter, taken: ReadonlySet<string>): Output {
  const alone = writer.fileFor(image);
  const blocked = foldersOf(alone).some((folder) => taken.has(folder));
  const ownName = path.basename(alone) === path.basename(image.name);
  return { image, writer, alone, wanted: blocked ? path.join(elsewhere, alone) : alone, ownName };
}

function ownNamesFirst(a: Output, b: Output): number {
  if (a.ownName !== b.ownName) return a.ownName ? -1 : 1;
  return a.image.file < b.image.file ? -1 : a.image.file > b.image.file ? 1 : 0;
}

/** Names to try, one after the other, without end. */
function* candidates({ name }: PlannedImage, wanted: string): Generator<string, never, undefined> {
  const { dir, name: stem, ext } = path.parse(wanted);
  const original = path.basename(name);
  yield path.join(dir, shortened(stem, ext));
  if (original !== path.basename(wanted)) yield path.join(dir, shortened(original, ext));
  for (let number = 2; ; number++) yield path.join(dir, shortened(stem, `-${number}${ext}`));
}

function firstFree(
  names: Generator<string, never, undefined>,
  files: ReadonlySet<string>,
  folders: ReadonlySet<string>,
): string {
  for (;;) {
    const name = names.next().value;
    const key = folded(name);
    if (!files.has(key) && !folders.has(key)) return name;
  }
}

/** Cut where the name would be longer than a file system takes it. */
function shortened(stem: string, ending: string): string {
  if (Buffer.byteLength(stem + ending) <= longestName) return stem + ending;
  const letters = [...stem];
  while (Buffer.byteLength(letters.join('') + ending) > longestName) letters.pop();
  return letters.join('') + ending;
}

/** The folders that a path lies in, folded. */
function foldersOf(file: string): string[] {
  const parts = folded(file).split(path.sep).slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join(path.sep));
}
