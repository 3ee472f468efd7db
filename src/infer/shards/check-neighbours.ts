import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { statIfThere } from '../../files/fs';
import { resolvePath } from '../../image/image';
import { differenceOf } from './same-run';
import { shardText } from './shard';
import { findShards, type ShardSettings } from './shard-journal';

/**
 * Compares a shard with those in the same folder before it runs, so that a difference is found now and not when the
 * results are joined.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export async function checkNeighbours(folder: string, settings: object): Promise<void> {
  const own = settings as ShardSettings;
  for (const { settings: other } of await findShards(folder)) {
    // With its own earlier run it is compared by the journal.
    if (other.shard.number === own.shard.number && other.shard.count === own.shard.count) continue;
    const difference = differenceOf(other, own);
    if (difference === undefined) continue;
    const text = `${folder} has shard ${shardText(other.shard)} of another run (${difference}); use the same settings, or another --output-dir`;
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  }
}

/**
 * Refuses results in a folder that is searched for images: a shard that starts later would count them.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export async function refuseNested(paths: readonly string[], outputDir: string): Promise<void> {
  const results = path.resolve(outputDir);
  for (const given of paths) {
    const folder = path.resolve(resolvePath(given));
    const inside = results === folder || results.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
    if (!inside || !(await statIfThere(folder))?.isDirectory()) continue;
    const text = `Expected an --output-dir outside of ${given} with --shard but received ${outputDir}: other shards would take its pictures for images`;
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  }
}
