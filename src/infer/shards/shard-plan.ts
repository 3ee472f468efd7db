import { createHash } from 'node:crypto';
import type { PlannedImage } from '../plan';
import { indicesOf, type Shard } from './shard';

/** What the journal of a shard begins with, beside the settings of the run. */
export interface ShardHead extends Shard {
  /** Number of images of all shards. */
  readonly images: number;
  /** Number of images that are predicted together. */
  readonly size: number;
  /** The names of the shard's own images, in order. */
  readonly names: readonly string[];
  /** The digest of the names of all images, in order. */
  readonly list: string;
  /** The digest of the models' files. */
  readonly models: string;
  /** Minimum score of listed objects. */
  readonly threshold?: number | undefined;
}

/** A shard of a run over images. */
export interface ShardPlan {
  readonly head: ShardHead;
  /** Its own images. */
  readonly images: readonly PlannedImage[];
}

/** Divides the images of a run. The names of images are compared, not paths: machines may mount a folder elsewhere. */
export function planShard(
  shard: Shard,
  images: readonly PlannedImage[],
  { size, ...other }: Pick<ShardHead, 'size' | 'models' | 'threshold'>,
): ShardPlan {
  const own = indicesOf(shard, images.length, size).map((index) => images[index] as PlannedImage);
  const names = own.map(({ name }) => name);
  const list = createHash('sha256')
    .update(JSON.stringify(images.map(({ name }) => name)))
    .digest('hex');
  return { head: { ...shard, images: images.length, size, ...other, names, list }, images: own };
}
