import type { ImageRecord } from '../../predict/result-journal';
import { resultAbove } from '../../tasks/tasks';
import { lineSummary } from './line-summary';
import type { Summary } from './summary';

/**
 * `results.jsonl`: the whole result of each image, one per line; for a video one line per frame, with its number and
 * time.
 */
export const jsonlSummary: Summary = lineSummary('results.jsonl', lines);

async function* lines(records: AsyncIterable<ImageRecord>, threshold: number | undefined): AsyncGenerator<string> {
  for await (const { file, frame, time, result } of records) {
    yield `${JSON.stringify({ file, frame, time, ...resultAbove(result, threshold) })}\n`;
  }
}
