import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { refuseReplacing } from '../../files/replacing';
import type { ImageRecord } from '../../predict/result-journal';
import { cocoSummary } from './coco';
import { csvSummary } from './csv';
import { jsonlSummary } from './jsonl';
import { motSummary } from './mot';
import type { Summary, SummaryOptions, SummaryTask } from './summary';

/** The summaries available for all images, or all frames of a video. */
export const summaries = {
  coco: cocoSummary,
  jsonl: jsonlSummary,
  csv: csvSummary,
  mot: motSummary,
} satisfies Record<string, Summary>;

export type SummaryName = keyof typeof summaries;

/** The summaries in a list of output names. */
export function summariesOf(outputs: readonly string[]): Summary[] {
  return Object.entries(summaries).flatMap(([name, summary]) => (outputs.includes(name) ? [summary] : []));
}

const choices = { existing: '--overwrite to replace it, or another --output-dir', own: 'another --output-dir' };

/**
 * Refuses summaries that can't be written, before any work is done.
 *
 * @throws PaddleLabError INVALID_ARGUMENT (the format does not support the task), FILE_UNWRITABLE (results already
 * exist)
 */
export async function checkSummaries(
  chosen: readonly Summary[],
  task: SummaryTask,
  folder: string,
  existing: 'refuse' | 'overwrite' | 'resume',
): Promise<void> {
  for (const { refuses } of chosen) {
    const reason = refuses(task);
    if (reason !== undefined) throw new PaddleLabError('INVALID_ARGUMENT', reason);
  }
  await refuseExisting(chosen, folder, existing);
}

/** @throws PaddleLabError FILE_UNWRITABLE (results already exist) */
export async function refuseExisting(
  chosen: readonly Summary[],
  folder: string,
  existing: 'refuse' | 'overwrite' | 'resume',
): Promise<void> {
  const paths = chosen.flatMap(({ files }) => files.map((name) => path.join(folder, name)));
  await refuseReplacing(paths, [], existing !== 'refuse', choices);
}

/** Writes them one after another; returns the paths of all files. */
export async function writeSummaries(
  chosen: readonly Summary[],
  records: () => AsyncIterable<ImageRecord>,
  options: SummaryOptions,
): Promise<string[]> {
  const files: string[] = [];
  for (const summary of chosen) files.push(...(await summary.write(records, options)));
  return files;
}
