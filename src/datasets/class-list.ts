import path from 'node:path';
import type { DatasetImage } from './dataset';
import { datasetInvalid } from './dataset-invalid';
import { checkSomePresent, findImageFolder, withImages } from './find-images';
import type { DatasetReader } from './format';
import { listFolders, readListLines, splitLine } from './list-lines';

const expected = 'an image and its class number, separated by a blank or a tab,';

/**
 * PaddleClas' lists: an image and its class number on each line; of a multi-label model, `0,1,0,…` with a 1 for each
 * class.
 */
export const classList: DatasetReader = {
  format: 'class-list',
  recognises: ({ folder, path: file, head }) => !folder && /\.(txt|lst|list)$/i.test(file) && isClass(firstRest(head)),
  async read({ path: file }, { images, classes = [] }) {
    const lines = await readListLines(file, expected);
    const parsed = lines.map((line) => {
      const classIds = classIdsOf(line.rest);
      if (classIds === undefined) throw datasetInvalid(file, line.place, expected, line.rest);
      const unknown = classIds.find((classId) => classes.length > 0 && classId >= classes.length);
      if (unknown !== undefined) {
        throw datasetInvalid(file, line.place, `a class number below ${classes.length}`, unknown);
      }
      return { name: line.image, classIds };
    });
    const names = parsed.map(({ name }) => name);
    const folder = await findImageFolder(file, names, listFolders(file, images));
    const fileOf = ({ name }: { readonly name: string }): string => path.resolve(folder, name);
    const { present, problems } = await withImages(parsed, fileOf);
    checkSomePresent(file, present, problems);
    const found = present.map((line, i): DatasetImage => {
      const truth = { kind: 'classes', classIds: line.classIds } as const;
      return {
        ...{ file: fileOf(line), name: line.name, imageId: i + 1 },
        truth: () => Promise.resolve({ truth, problems: [] }),
      };
    });
    return { classes, images: found, problems };
  },
};

function firstRest(head: string): string {
  const line = head.split(/\r?\n/).find((text) => text.trim() !== '' && !text.startsWith('#'));
  return splitLine(line?.trim() ?? '')?.rest ?? '';
}

function isClass(rest: string): boolean {
  return classIdsOf(rest) !== undefined;
}

/** `3`, or a 0 or 1 for each class. */
function classIdsOf(rest: string): number[] | undefined {
  if (/^\d+$/.test(rest)) return [Number(rest)];
  if (!/^[01](,[01])+$/.test(rest)) return undefined;
  return rest.split(',').flatMap((flag, classId) => (flag === '1' ? [classId] : []));
}
