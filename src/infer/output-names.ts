import path from 'node:path';
import type { ImageWriter } from './outputs/image-writers';
import { folded, type PlannedImage } from './plan';

/** The paths of image results, relative to the folder of results. */
export interface OutputNames {
  fileFor(image: PlannedImage, writer: ImageWriter): string;
  /** The results whose default name was taken. */
  readonly renamed: readonly RenamedOutput[];
}

export interface RenamedOutput {
  readonly image: PlannedImage;
  /** Its default name. */
  readonly alone: string;
  readonly file: string;
}

/** Maximum length of a file name in bytes, on Linux. */
const longestName = 255;

/** A subfolder for results whose own folder has the same name as a written file. */
const fallbackFolder = 'images';

/**
 * Assigns a unique path to every result of every image, including its final extension: two images may have the same
 * result name (`a.bmp` and `a.png` are both written as `a.png`). A result whose name equals its image's keeps it; the
 * others get the image's full name plus their extension (`a.bmp.png`), or a number. Names that differ only in case or
 * Unicode normalization count as equal, because results may be copied to a file system that does not distinguish them.
 * The names depend neither on the order of the images nor on which were finished before.
 *
 * @param taken paths used by other files
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
  /** Whether it equals the name of its image. */
  readonly ownName: boolean;
}

function wantedBy(image: PlannedImage, writer: ImageWriter, taken: ReadonlySet<string>): Output {
  const alone = writer.fileFor(image);
  const blocked = foldersOf(alone).some((folder) => taken.has(folder));
  const ownName = path.basename(alone) === path.basename(image.name);
  return { image, writer, alone, wanted: blocked ? path.join(fallbackFolder, alone) : alone, ownName };
}

function ownNamesFirst(a: Output, b: Output): number {
  if (a.ownName !== b.ownName) return a.ownName ? -1 : 1;
  return a.image.file < b.image.file ? -1 : a.image.file > b.image.file ? 1 : 0;
}

/** Endless sequence of names to try. */
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

/** Shortened if the name would exceed the file system's limit. */
function shortened(stem: string, ending: string): string {
  if (Buffer.byteLength(stem + ending) <= longestName) return stem + ending;
  const letters = [...stem];
  while (Buffer.byteLength(letters.join('') + ending) > longestName) letters.pop();
  return letters.join('') + ending;
}

/** The parent folders of a path, folded. */
function foldersOf(file: string): string[] {
  const parts = folded(file).split(path.sep).slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join(path.sep));
}
