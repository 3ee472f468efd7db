import path from 'node:path';
import { isImageFile } from '../image/resolve-images';
import type { Dataset } from './dataset';
import { datasetInvalid, quoted } from './faults';
import { findImages, type NamedImage } from './find-images';
import type { DatasetReader, DatasetSource } from './source';
import { readLines } from './text-lines';

/** An image and its text a line, as PaddleOCR trains recognisers with; blanks in the text are kept. */
export const textList: DatasetReader = {
  format: 'text-list',
  expects: 'a .txt file with an image, a tab and its text on each line',
  options: { folder: [], file: ['separator'] },
  recognises: ({ firstLines, options: { separator } }) => {
    const texts = firstLines.map((line) => splitLine(line, separator)?.[1]);
    return texts.length > 0 && texts.every((text) => text !== undefined) && texts.some(isText);
  },
  read,
};

async function read(source: DatasetSource): Promise<Dataset> {
  const { path: file, options } = source;
  const named = (await readLines(file)).map(({ text: line, place }, index): NamedImage => {
    const [name, text] = splitLine(line, options.separator) ?? [];
    if (name === undefined || text === undefined) {
      throw datasetInvalid(file, place, `Expected an image, a tab and its text but received ${quoted(line)}`);
    }
    const truth = { kind: 'text', text } as const;
    return { name, place, imageId: index + 1, truth: async () => ({ truth, problems: [] }) };
  });
  const folder = path.dirname(file);
  const { images, problems } = await findImages(named, file, [folder, path.dirname(folder)], source);
  return { format: 'text-list', path: file, classes: [], images, problems };
}

function splitLine(line: string, separator = '\t'): [name: string, text: string] | undefined {
  const at = line.indexOf(separator);
  return at < 1 ? undefined : [line.slice(0, at).trim(), line.slice(at + separator.length)];
}

/** Not what other lists have there: class numbers, a mask, an XML file, the objects of PaddleOCR's detectors. */
function isText(text: string | undefined): boolean {
  if (text === undefined || /^\d+(,\d+)*$/.test(text) || /^\[\s*[{\]]|^\{"/.test(text)) return false;
  return !isImageFile(text) && !/\.xml$/i.test(text);
}
