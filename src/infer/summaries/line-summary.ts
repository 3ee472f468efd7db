import path from 'node:path';
import type { ImageRecord } from '../../predict/result-journal';
import { writeLines } from './line-file';
import type { Summary } from './summary';

/** A summary file of lines, made from one record at a time; supports every task. */
export function lineSummary(
  fileName: string,
  lines: (records: AsyncIterable<ImageRecord>, threshold: number | undefined) => AsyncIterable<string>,
): Summary {
  return {
    files: [fileName],
    refuses: () => undefined,
    async write(records, { folder, threshold }) {
      const file = path.join(folder, fileName);
      await writeLines(file, lines(records(), threshold));
      return [file];
    },
  };
}
