import path from 'node:path';
import type { ImageRecord } from '../journal';
import { writeLines } from './line-file';
import { shownOf } from './shown';
import type { Summary } from './summary';

const fileName = 'results.jsonl';

/** `results.jsonl`: a line an image, the whole result; of a video a line a frame, with its number and time. */
export const jsonlSummary: Summary = {
  files: [fileName],
  refuses: () => undefined,
  async write(records, { folder, threshold }) {
    const file = path.join(folder, fileName);
    await writeLines(file, lines(records(), threshold));
    return [file];
  },
};

async function* lines(records: AsyncIterable<ImageRecord>, threshold: number | undefined): AsyncGenerator<string> {
  for await (const { file, frame, time, result } of records) {
    yield `${JSON.stringify({ file, frame, time, ...shownOf(result, threshold) })}\n`;
  }
}
