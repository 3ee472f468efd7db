import path from 'node:path';
import { classNumber } from './classes';
import type { Dataset } from './dataset';
import { datasetInvalid, quoted } from './faults';
import { findImages, type NamedImage } from './find-images';
import type { DatasetReader, DatasetSource } from './source';
import { fieldsOf, readLines } from './text-lines';

/** An image and its class number a line; or 0 or 1 for each class, with multi-label classification. */
export const classList: DatasetReader = {
  format: 'class-list',
  expects: 'a .txt file with `image class` or `image 0,1,0,1` on each line',
  options: { folder: [], file: ['separator'] },
  recognises: ({ firstLines: [first], options: { separator } }) =>
    first !== undefined && /^\d+(,\d+)*$/.test(splitLine(first, separator)?.[1] ?? ''),
  read,
};

async function read(source: DatasetSource): Promise<Dataset> {
  const { path: file, classes, options } = source;
  const lines = (await readLines(file)).map(({ text, place }) => {
    const fields = splitLine(text, options.separator);
    if (fields !== undefined) return { name: fields[0], classes: fields[1], place };
    throw datasetInvalid(file, place, `Expected an image and its class but received ${quoted(text)}`);
  });
  // As in PaddleClas, where a list of several numbers has one for each class.
  const several = lines.find((line) => line.classes.includes(','));
  const count = several === undefined ? undefined : (classes?.length ?? several.classes.split(',').length);
  const multiLabel = count === undefined ? {} : { multiLabel: true };
  const named = lines.map(({ name, classes: text, place }, index): NamedImage => {
    const classIds =
      count === undefined ? [classNumber(text, classes, file, place)] : setClasses(text, count, file, place);
    return {
      name,
      place,
      imageId: index + 1,
      truth: async () => ({ truth: { kind: 'classes', classIds, ...multiLabel }, problems: [] }),
    };
  });
  const folder = path.dirname(file);
  const { images, problems } = await findImages(named, file, [folder, path.dirname(folder)], source);
  return { format: 'class-list', path: file, classes: classes ?? [], images, problems };
}

/** The image, whose name may have blanks, and the text behind it. */
function splitLine(line: string, separator: string | undefined): [name: string, classes: string] | undefined {
  if (separator === undefined && !line.includes('\t')) {
    const [, name, classes] = /^(.*\S)\s+(\S+)$/.exec(line) ?? [];
    return name === undefined || classes === undefined ? undefined : [name, classes];
  }
  const [name = '', classes = '', ...more] = fieldsOf(line, separator);
  return name === '' || classes === '' || more.length > 0 ? undefined : [name, classes];
}

function setClasses(text: string, count: number, file: string, place: string): number[] {
  const flags = text.split(',');
  if (flags.length === count && flags.every((flag) => flag === '0' || flag === '1')) {
    return flags.flatMap((flag, classId) => (flag === '1' ? [classId] : []));
  }
  throw datasetInvalid(file, place, `Expected 0 or 1 for each of ${count} classes but received ${quoted(text)}`);
}
