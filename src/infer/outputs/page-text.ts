import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { writeAtomically } from '../../files/atomic-file';
import { writeFile } from '../../files/fs';
import { toHocr } from '../../ocr/hocr';
import { pageDocument } from '../../ocr/text-page';
import type { PredictResult, TextResult } from '../../results';
import type { ImageFile, ImageWriter } from './image-writer';

/** The text of a page, `NAME.txt`. */
export function textWriter(folder: string): ImageWriter {
  return pageWriter('text', '.txt', folder, ({ text }) => (text === '' ? '' : `${text}\n`));
}

/** The text of a page with the places of its lines and words, `NAME.hocr`. */
export function hocrWriter(folder: string): ImageWriter {
  return pageWriter('hocr', '.hocr', folder, (result, { image }) => toHocr(result, [image.file]));
}

/** The picture with its text over it, `NAME.html`: text that can be searched for, selected and copied. */
export function htmlWriter(folder: string): ImageWriter {
  return pageWriter('html', '.html', folder, (result, { image, pixels }) =>
    pageDocument(result, pixels, path.basename(image.name)),
  );
}

function pageWriter(
  name: string,
  ending: string,
  folder: string,
  content: (result: TextResult, file: ImageFile) => string | Promise<string>,
): ImageWriter {
  return {
    name,
    needsTensors: false,
    fileFor: (image) => {
      const { dir, name: stem } = path.parse(image.name);
      return path.join(folder, dir, `${stem}${ending}`);
    },
    write: async (file, image) => {
      const text = await content(pageOf(image.result, name), image);
      await writeAtomically(file, (temporary) => writeFile(temporary, text));
    },
  };
}

function pageOf(result: PredictResult, output: string): TextResult {
  if (result.kind === 'text') return result;
  throw new PaddleLabError('INVALID_ARGUMENT', `Expected a page of text for ${output} but received ${result.kind}`);
}
