import path from 'node:path';
import type { ImageRecord } from '../journal';
import { writeLines } from './line-file';
import { shownOf } from './shown';
import type { SummaryWriter } from './summary-writer';

/** `results.jsonl`: a line an image, the whole result. */
export const writeJsonl: SummaryWriter = async (records, { folder, threshold }) => {
  const file = path.join(folder, 'results.jsonl');
  await writeLines(file, lines(records, threshold));
  return [file];
};

async function* lines(records: AsyncIterable<ImageRecord>, threshold: number | undefined): AsyncGenerator<string> {
  for await (const { file, result } of records) {
    yield `${JSON.stringify({ file, ...shownOf(result, threshold) })}\n`;
  }
}
