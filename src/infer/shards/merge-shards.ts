import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { writeAtomically } from '../../files/atomic-file';
import { copyFile, realpath } from '../../files/fs';
import { refuseReplacing } from '../../files/replacing';
import { sweepTemporaries } from '../../files/temporaries';
import { journalLines } from '../../predict/journal-lines';
import { type ImageRecord, isEnd, journalNames } from '../../predict/result-journal';
import { throwIfAborted } from '../../validate';
import { cocoSummary } from '../summaries/coco';
import { csvSummary } from '../summaries/csv';
import { jsonlSummary } from '../summaries/jsonl';
import { writeLines } from '../summaries/line-file';
import { writeSummaries } from '../summaries/summaries';
import type { Summary } from '../summaries/summary';
import { tsvSummary } from '../summaries/tsv';
import type { CollectedImage, CollectedRun } from './collect-shards';
import { readRecord } from './shard-journal';

export interface MergeOptions {
  readonly folder: string;
  readonly overwrite: boolean;
  readonly signal: AbortSignal | undefined;
  /** Called with each image, in the order of the run. */
  readonly onImage: (record: ImageRecord) => void;
}

const summaryOf: Readonly<Record<string, Summary>> = {
  coco: cocoSummary,
  tsv: tsvSummary,
  jsonl: jsonlSummary,
  csv: csvSummary,
};

const choices = { existing: '--overwrite to replace it, or another --output-dir', own: 'another --output-dir' };

/**
 * Writes into a folder what an undivided run would have: the files of the images (unless they are there already), the
 * journal, by which `--resume` continues, and the summaries.
 *
 * @returns the paths of the summary files
 * @throws PaddleLabError FILE_UNWRITABLE, FILE_NOT_FOUND, ABORTED
 */
export async function mergeShards(run: CollectedRun, options: MergeOptions): Promise<string[]> {
  const { folder, overwrite, signal } = options;
  const outputs = Array.isArray(run.settings.outputs) ? (run.settings.outputs as string[]) : [];
  const summaries = Object.entries(summaryOf).flatMap(([name, summary]) => (outputs.includes(name) ? [summary] : []));
  const journal = path.join(folder, journalNames.infer);
  const copies = await copiesOf(run, folder);
  const made = [journal, ...summaries.flatMap(({ files }) => files.map((name) => path.join(folder, name)))];
  await refuseReplacing([...made, ...copies.map(({ to }) => to)], sourcesOf(run, copies), overwrite, choices);
  await sweepTemporaries([folder, ...copies.map(({ to }) => path.dirname(to))]);
  for (const { from, to } of copies) {
    throwIfAborted(signal);
    await writeAtomically(to, (temporary) => copyFile(from, temporary));
  }
  await writeLines(journal, journalOf(run, options));
  const cocoCategories = run.settings.cocoCategories === true;
  return writeSummaries(summaries, () => recordsIn(journal), { folder, cocoCategories, threshold: run.threshold });
}

interface Copy {
  readonly from: string;
  readonly to: string;
}

/** The files of images that are in another folder. */
async function copiesOf({ done, shards }: CollectedRun, folder: string): Promise<Copy[]> {
  const real = (name: string): Promise<string> => realpath(name).catch(() => path.resolve(name));
  const target = await real(folder);
  const elsewhere = new Set<string>();
  for (const shard of shards) if ((await real(shard.folder)) !== target) elsewhere.add(shard.folder);
  return done
    .filter(({ shard }) => elsewhere.has(shard.folder))
    .flatMap(({ shard, record }) =>
      record.written.map((name) => ({ from: inside(shard.folder, name), to: inside(folder, name) })),
    );
}

/** Journals come from elsewhere; what they name must be in the folder of results. */
function inside(folder: string, name: string): string {
  const file = path.resolve(folder, name);
  if (file.startsWith(path.resolve(folder) + path.sep)) return file;
  throw new PaddleLabError('INVALID_ARGUMENT', `Expected results in ${folder} but its journal names ${name}`);
}

function sourcesOf({ shards }: CollectedRun, copies: readonly Copy[]): string[] {
  return [...shards.map(({ file }) => file), ...copies.map(({ from }) => from)];
}

async function* journalOf(
  { settings, done }: CollectedRun,
  { signal, onImage }: MergeOptions,
): AsyncGenerator<string, void, undefined> {
  yield `${JSON.stringify(settings)}\n`;
  for (const image of done) {
    throwIfAborted(signal);
    yield `${await textOf(image, onImage)}\n`;
  }
}

async function textOf({ shard, record }: CollectedImage, onImage: MergeOptions['onImage']): Promise<string> {
  const text = await readRecord(shard.file, record);
  onImage(JSON.parse(text) as ImageRecord);
  return text;
}

async function* recordsIn(journal: string): AsyncGenerator<ImageRecord, void, undefined> {
  for await (const { offset, text } of journalLines(journal)) {
    const line = JSON.parse(text) as ImageRecord;
    if (offset > 0 && !isEnd(line)) yield line;
  }
}
