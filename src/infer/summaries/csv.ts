import type { ImageRecord } from '../../predict/result-journal';
import { resultAbove, taskOf } from '../../tasks/tasks';
import { csvLine } from '../../text/csv';
import { lineSummary } from './line-summary';
import type { Summary } from './summary';

type Cell = string | number;

/** `results.csv`: one row per object, class, joint or segment; its columns depend on the task. */
export const csvSummary: Summary = lineSummary('results.csv', lines);

async function* lines(records: AsyncIterable<ImageRecord>, threshold: number | undefined): AsyncGenerator<string> {
  let headed = false;
  for await (const { file, frame, time, result } of records) {
    const { columns, rows } = taskOf(result).csv(resultAbove(result, threshold));
    const heading = columns.map((column) => (typeof column === 'string' ? column : column.title));
    const moving = frame !== undefined && time !== undefined;
    if (!headed) yield line(['file', ...(moving ? ['frame', 'time'] : []), ...heading]);
    headed = true;
    for (const row of rows) yield line([file, ...(moving ? [frame, time] : []), ...row]);
  }
}

function line(cells: readonly Cell[]): string {
  return `${csvLine(cells)}\r\n`;
}
