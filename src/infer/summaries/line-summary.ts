import path from 'node:path';
import type { ImageRecord } from '../journal';
import { writeLines } from './line-file';
import type { Summary } from './summary';

/** A file of lines that any task has a place in, made of one record after the other. */
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
