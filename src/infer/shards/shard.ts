import type { JournalName } from '../../predict/result-journal';
import { journalNames } from '../../predict/result-journal';

/** One part of a run that is divided among processes or machines. */
export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly count: number;
}

/** `2/3`, as in `--shard`. */
export function shardText({ number, count }: Shard): string {
  return `${number}/${count}`;
}

/** The journal of a run, or of one of its shards: shards may share the folder of results. */
export function journalOf(shard: Shard | undefined): JournalName {
  return shard === undefined ? journalNames.infer : `.paddlelab-infer-${shard.number}-of-${shard.count}.jsonl`;
}

/** The shard of a journal by its name. */
export function shardOfJournal(name: string): Shard | undefined {
  const [, number, count] = /^\.paddlelab-infer-(\d+)-of-(\d+)\.jsonl$/.exec(name) ?? [];
  return number === undefined ? undefined : { number: Number(number), count: Number(count) };
}

/**
 * The indices of a shard's images in the order of all images. Whole groups are dealt out in turn: detectors pad the images
 * of a group to the largest one, so that results are those of the undivided run only in the same groups.
 *
 * @param size number of images that are predicted together
 */
export function indicesOf({ number, count }: Shard, images: number, size: number): number[] {
  const indices: number[] = [];
  for (let start = (number - 1) * size; start < images; start += count * size) {
    for (let index = start; index < Math.min(start + size, images); index++) indices.push(index);
  }
  return indices;
}
