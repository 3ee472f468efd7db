import { PaddleLabError } from '../../errors';
import type { QueueRun } from '../../infer/queue/run-file';
import { modelsDigest } from '../../infer/shards/models-digest';
import { differenceOf } from '../../infer/shards/same-run';
import type { ShardSettings } from '../../infer/shards/shard-journal';
import type { ModelSpec } from '../../spec/spec';
import type { WorkerContext } from './worker-context';

/** What a worker would do. */
export interface WorkerSettings {
  readonly settings: object;
  readonly size: number;
  readonly specs: readonly ModelSpec[];
  readonly threshold: number | undefined;
}

/**
 * Refuses to work on a run otherwise than the machine that started it would: with other files of the models, another
 * engine or another Paddle.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export async function checkWorkerSettings(
  run: QueueRun,
  { settings, size, specs, threshold }: WorkerSettings,
  { stop }: WorkerContext,
): Promise<void> {
  const models = await modelsDigest(specs, stop);
  const own = { ...settings, shard: { ...run.settings.shard, size, models, threshold } } as ShardSettings;
  const difference = differenceOf(run.settings, own);
  if (difference === undefined) return;
  const found = specs.map(({ files }) => files.directory).join(', ');
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected the same as on the machine that started the run ${run.id} but this worker differs: ${difference} (here: ${found})`,
  );
}
