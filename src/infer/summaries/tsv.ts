import { tsvHeading, tsvRows } from '../../ocr/tsv';
import type { ImageRecord } from '../../predict/result-journal';
import { lineSummary } from './line-summary';
import type { Summary } from './summary';

/** `results.tsv`: one row for each line of text; the page is the number of its image. */
export const tsvSummary: Summary = lineSummary('results.tsv', lines);

async function* lines(records: AsyncIterable<ImageRecord>): AsyncGenerator<string> {
  yield tsvHeading;
  let page = 0;
  for await (const { result } of records) {
    page += 1;
    if (result.kind === 'text') yield* tsvRows(result, page);
  }
}
