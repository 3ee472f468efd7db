import { joinText, readingOrder } from '../ocr/reading-order';
import type { TextLine } from '../results';
import type { AnswerValues } from './answer-values';

type Fields = Readonly<Record<string, unknown>>;

/** The lines of a page, in reading order, and their text. */
export interface ReadPage {
  readonly lines: readonly TextLine[];
  readonly text: string;
}

/** @param threshold lines with a score below it are left out */
export function readPage(values: AnswerValues, { ocrResults }: Fields, threshold: number): ReadPage {
  const [page, ...others] = values.objects('ocrResults', ocrResults);
  if (page === undefined || others.length > 0) {
    throw values.refuse(
      `Expected the text of one image but the server answered ${others.length + (page ? 1 : 0)} pages`,
    );
  }
  const pruned = values.object('prunedResult', page.prunedResult);
  checkPlaces(values, pruned);
  const found = linesOf(values, pruned, threshold);
  const order = readingOrder(found);
  return { lines: order.flat(2).map((index) => found[index]!), text: joinText(found, order) };
}

/** @param threshold lines with a score below it are left out */
export function linesOf(values: AnswerValues, pruned: Fields, threshold: number): TextLine[] {
  const texts = values.list('rec_texts', pruned.rec_texts).map((one) => values.text('rec_texts', one));
  const count = texts.length;
  const scores = values.numbers('rec_scores', pruned.rec_scores, count);
  const polygons = values.list('rec_polys', pruned.rec_polys);
  if (polygons.length !== count) {
    throw values.refuse(`Expected ${count} polygons in rec_polys but the server answered ${polygons.length}`);
  }
  return (
    texts
      // The response has neither detection scores nor positions of characters.
      .map((text, i): TextLine => {
        return { polygon: values.polygon('rec_polys', polygons[i]), text, score: scores[i]!, characters: [] };
      })
      .filter(({ score }) => score >= threshold)
  );
}

/** A pipeline of which the server turned or unwarped the page has places in another image. */
export function checkPlaces(values: AnswerValues, { doc_preprocessor_res: prepared }: Fields): void {
  if (prepared === undefined || prepared === null) return;
  const { angle = 0, model_settings: settings } = values.object('doc_preprocessor_res', prepared);
  const { use_doc_unwarping: unwarped } = values.object('model_settings', settings ?? {});
  if ((angle === 0 || angle === -1) && unwarped !== true) return;
  throw values.refuse(
    'the server turned or unwarped the page, though it was asked not to: places do not fit the image',
  );
}
