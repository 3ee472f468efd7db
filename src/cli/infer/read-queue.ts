import { resolvePath } from '../../image/image';
import { type QueueAddress, readQueueAddress } from '../../infer/queue/queue-address';
import type { FlagValues } from './flag';
import { refuse } from './refuse';

/** The queue of a run, and what its machines share. */
export interface QueueRequest {
  readonly address: QueueAddress;
  /** The folder that all machines share, as a full path. */
  readonly root: string;
}

/**
 * The queue of a command line; undefined if it has none.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function readQueue(values: FlagValues): QueueRequest | undefined {
  const { queue, root } = values as { queue?: string; root?: string };
  if (queue !== undefined) return { address: readQueueAddress('--queue', queue), root: resolvePath(root ?? '.') };
  if (root !== undefined) throw refuse('--root belongs to --queue');
  return undefined;
}
