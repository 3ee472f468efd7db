import path from 'node:path';
import { PaddleLabError } from '../errors';
import { readdir, readFile, statIfThere } from '../files/fs';
import { throwIfAborted } from '../validate';
import type { DatasetImage, DatasetProblem } from './dataset';
import { datasetInvalid } from './dataset-invalid';
import { areThere, checkSomePresent } from './find-images';
import type { DatasetReader } from './format';
import type { TrueObject } from './truth';
import { parseVocFile, type VocFile } from './voc-file';

/**
 * PASCAL VOC: `Annotations/*.xml`, `JPEGImages/` and lists in `ImageSets/Main/`. Boxes are taken as the files have them,
 * as in PaddleDetection, which does not subtract 1; difficult objects are ignored.
 */
export const voc: DatasetReader = {
  format: 'voc',
  recognises: ({ names }) => names.includes('Annotations') && names.includes('JPEGImages'),
  async read({ path: root }, { images, classes, split, signal }) {
    const ids = await readIds(root, split);
    const folder = images ?? path.join(root, 'JPEGImages');
    const annotated = await readAll(root, ids, signal);
    const files = annotated.map(({ id, content }) => path.join(folder, content.filename ?? `${id}.jpg`));
    const there = await areThere(files);
    const missing = files.flatMap((file, i): DatasetProblem[] => {
      return there[i] ? [] : [{ kind: 'image-left-out', file, message: 'The image does not exist' }];
    });
    const present = annotated.filter((_, i) => there[i]);
    checkSomePresent(root, present, missing);
    const known = classes ?? (await namesOf(root, annotated));
    const problems: DatasetProblem[] = [...missing];
    const found = annotated.flatMap((one, i): DatasetImage[] => {
      const objects = objectsOf(one, known, problems);
      if (!there[i]) return [];
      const truth = { kind: 'objects', objects } as const;
      const file = files[i] as string;
      return [
        {
          ...{ file, name: path.relative(folder, file), imageId: i + 1 },
          truth: () => Promise.resolve({ truth, problems: [] }),
        },
      ];
    });
    return { classes: known, images: found, problems };
  },
};

/** The parts of a data set by which evaluation is usual, in this order. */
const splits = ['val', 'test', 'trainval', 'train'];

async function readIds(root: string, split: string | undefined): Promise<string[]> {
  const folder = path.join(root, 'ImageSets', 'Main');
  const [wanted] = split === undefined ? await present(folder) : [split];
  if (wanted === undefined) {
    const names = (await readdir(path.join(root, 'Annotations'))).filter((name) => name.endsWith('.xml'));
    return names.map((name) => path.basename(name, '.xml')).sort();
  }
  const list = path.join(folder, `${wanted}.txt`);
  if ((await statIfThere(list)) === undefined) {
    const there = (await present(folder)).join(', ') || 'no list';
    throw new PaddleLabError('DATASET_INVALID', `Expected the list of split "${wanted}" in ${list} but found ${there}`);
  }
  const lines = (await readFile(list, 'utf8')).split(/\r?\n/);
  return lines.flatMap((line) => line.trim().split(/\s+/)[0] || []);
}

async function present(folder: string): Promise<string[]> {
  const there = await areThere(splits.map((name) => path.join(folder, `${name}.txt`)));
  return splits.filter((_, i) => there[i]);
}

interface Annotated {
  readonly id: string;
  readonly file: string;
  readonly content: VocFile;
}

async function readAll(root: string, ids: readonly string[], signal: AbortSignal | undefined): Promise<Annotated[]> {
  const found: Annotated[] = [];
  for (const id of ids) {
    throwIfAborted(signal);
    const file = path.join(root, 'Annotations', `${id}.xml`);
    found.push({ id, file, content: parseVocFile(file, await readFile(file)) });
  }
  return found;
}

/** PaddleDetection's list of classes, or all that occur. */
async function namesOf(root: string, annotated: readonly Annotated[]): Promise<string[]> {
  const list = path.join(root, 'label_list.txt');
  if ((await statIfThere(list)) !== undefined) {
    return (await readFile(list, 'utf8')).split(/\r?\n/).flatMap((line) => line.trim() || []);
  }
  return [...new Set(annotated.flatMap(({ content }) => content.objects.map(({ name }) => name)))].sort();
}

function objectsOf(
  { file, content }: Annotated,
  classes: readonly string[],
  problems: DatasetProblem[],
): readonly TrueObject[] {
  return content.objects.flatMap(({ name, difficult, corners }, i): TrueObject[] => {
    const classId = classes.indexOf(name);
    const place = `<object> ${i + 1}`;
    if (classId < 0) throw datasetInvalid(file, place, `one of the classes ${classes.join(', ')}`, name);
    const [xmin, ymin, xmax, ymax] = corners;
    const [width, height] = [xmax - xmin, ymax - ymin];
    if (width <= 0 || height <= 0) {
      problems.push({
        kind: 'object-left-out',
        file,
        place,
        message: `A box of ${width}×${height} pixels has no area`,
      });
      return [];
    }
    if (xmin < 0 || ymin < 0 || xmax > content.width || ymax > content.height) {
      const message = `The box ${corners.join(', ')} reaches outside the image (${content.width}×${content.height})`;
      problems.push({ kind: 'kept', file, place, message });
    }
    const box = [xmin, ymin, width, height] as const;
    return [{ classId, box, area: width * height, crowd: false, ignored: difficult }];
  });
}
