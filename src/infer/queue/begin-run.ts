import path from 'node:path';
import { rm } from '../../files/fs';
import { Journal, journalNames } from '../../predict/result-journal';
import type { InferImagesOptions } from '../infer-images';
import type { PlannedImage } from '../plan';
import { planShard, type ShardHead } from '../shards/shard-plan';
import { type EarlierRecords, earlierRecords } from './collect-slices';
import type { Followed } from './follow-run';
import type { QueueClient } from './queue-client';
import { checkSameQueueRun, hasRun, newRun, type QueueRun, readRun, removeRun, writeRun } from './run-file';
import { RunJobs } from './run-jobs';
import { sliceLength } from './slice';

/** What the run of a queue is. */
export interface BeginOptions
  extends Pick<InferImagesOptions, 'existing' | 'settings'>,
    Pick<Followed, 'folder' | 'root' | 'say'> {
  /** What the workers do; they check it. */
  readonly task: object;
  /** Number of images that are predicted together, digest of the models, and minimum score of listed objects. */
  readonly head: Pick<ShardHead, 'size' | 'models' | 'threshold'>;
}

/** Removes an unfinished run that is begun again. */
export async function discardRun(folder: string, client: QueueClient): Promise<void> {
  const before = await readRun(folder).catch(() => undefined);
  if (before !== undefined) {
    const count = Math.ceil(before.images / before.slice);
    await new RunJobs(client, before.id).remove(Array.from({ length: count }, (_, slice) => slice));
  }
  await removeRun(folder);
}

export async function beginOrContinue(images: readonly PlannedImage[], options: BeginOptions): Promise<QueueRun> {
  const { folder, root, task, settings, head, existing, say } = options;
  const { head: plan } = planShard({ number: 1, count: 1 }, images, head);
  const slice = sliceLength(images.length, head.size);
  const own = { root, images: images.length, slice, settings: { ...settings, shard: { ...plan, names: [] } }, task };
  if (await hasRun(folder)) {
    const before = (await readRun(folder)) as QueueRun;
    checkSameQueueRun(folder, before, own);
    say(`note: the run ${before.id} in ${folder} is continued`);
    return before;
  }
  // An earlier journal would count as this run's, when it is continued.
  if (existing !== 'resume') await rm(path.join(folder, journalNames.infer), { force: true });
  const run = newRun(own);
  await writeRun(folder, run);
  return run;
}

/** Of a run that is resumed, such as one of this machine alone. */
export async function recordsBefore({ folder, existing, settings }: BeginOptions): Promise<EarlierRecords> {
  if (existing !== 'resume') return new Map();
  // Checks its settings.
  const journal = await Journal.resume(folder, journalNames.infer, settings);
  return journal === undefined ? new Map() : earlierRecords(folder);
}
