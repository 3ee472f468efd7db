import path from 'node:path';
import { statIfThere } from '../../files/fs';
import { journalLines } from '../../predict/journal-lines';
import { type FailedImage, type ImageRecord, isEnd, journalNames, parseLine } from '../../predict/result-journal';
import type { PlannedImage } from '../plan';
import type { CollectedImage, CollectedRun, RecordSource } from '../shards/collect-shards';
import type { RecordPlace } from '../shards/shard-journal';
import type { QueueRun } from './run-file';
import { readSlice, sliceFile } from './slice-files';

/** Records of an earlier run in the journal of its folder, by the names of the images. */
export type EarlierRecords = ReadonlyMap<string, RecordPlace>;

/** The records of a journal; none if it is not there. */
export async function earlierRecords(folder: string): Promise<EarlierRecords> {
  const file = path.join(folder, journalNames.infer);
  const records = new Map<string, RecordPlace>();
  if ((await statIfThere(file)) === undefined) return records;
  for await (const { offset, length, text } of journalLines(file)) {
    const line = offset === 0 ? undefined : parseLine(text);
    if (line === undefined || isEnd(line)) continue;
    const { name, written } = line as unknown as ImageRecord;
    records.set(name, { offset, length, written });
  }
  return records;
}

/**
 * A run whose slices are all finished, as `paddlelab merge` joins the shards of one.
 *
 * @param count number of slices
 */
export async function collectSlices(
  folder: string,
  run: QueueRun,
  images: readonly PlannedImage[],
  { count, earlier }: { readonly count: number; readonly earlier: EarlierRecords },
): Promise<CollectedRun> {
  const journal: RecordSource = { folder, file: path.join(folder, journalNames.infer) };
  const found = new Map<string, CollectedImage | FailedImage>();
  for (const [name, record] of earlier) found.set(name, { name, shard: journal, record });
  // The journal is none of them: it is replaced by one with all records.
  const sources: RecordSource[] = [];
  for (let slice = 0; slice < count; slice++) {
    const source = { folder, file: sliceFile(folder, slice) };
    // What an earlier run had finished is not worked on again.
    if ((await statIfThere(source.file)) === undefined) continue;
    sources.push(source);
    for await (const { outcome, offset, length } of readSlice(folder, slice)) {
      if ('failed' in outcome) found.set(outcome.failed.name, outcome.failed);
      else
        found.set(outcome.name, {
          name: outcome.name,
          shard: source,
          record: { offset, length, written: outcome.written },
        });
    }
  }
  const { shard, ...settings } = run.settings;
  const outcomes = images.flatMap(({ name }) => found.get(name) ?? []);
  const missingImages = images.length - outcomes.length;
  return {
    ...{ settings, shards: sources, images: images.length, threshold: shard.threshold },
    done: outcomes.filter((outcome): outcome is CollectedImage => 'record' in outcome),
    failed: outcomes.filter((outcome): outcome is FailedImage => 'code' in outcome),
    missing: missingImages === 0 ? [] : [`${missingImages} images`],
    missingImages,
  };
}
