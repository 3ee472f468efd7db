import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { realpath } from '../../files/fs';
import type { FailedImage } from '../../predict/result-journal';
import { checkSameRun } from './same-run';
import { indicesOf, shardText } from './shard';
import { findShards, type RecordPlace, readShard, type ShardContent } from './shard-journal';
import type { ShardHead } from './shard-plan';

/** A file with records of images, and the folder of their results. */
export interface RecordSource {
  readonly folder: string;
  readonly file: string;
}

/** A finished image: where its record is. */
export interface CollectedImage {
  readonly name: string;
  readonly shard: RecordSource;
  readonly record: RecordPlace;
}

/** The parts of a run: shards, or slices of a queue. */
export interface CollectedRun {
  /** The settings of a run that is not divided; its journal begins with them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly shards: readonly RecordSource[];
  /** Number of images of the run. */
  readonly images: number;
  /** Minimum score of listed objects. */
  readonly threshold: number | undefined;
  /** The finished images in the order of the run. */
  readonly done: readonly CollectedImage[];
  readonly failed: readonly FailedImage[];
  /** Descriptions of what is missing: whole shards, and images of shards that have not ended. */
  readonly missing: readonly string[];
  readonly missingImages: number;
}

/**
 * Reads the journals of all shards in some folders.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, INVALID_ARGUMENT
 */
export async function collectShards(folders: readonly string[]): Promise<CollectedRun> {
  const journals = [];
  for (const folder of await distinct(folders)) {
    const found = await findShards(folder);
    journals.push(...found);
    if (found.length > 0) continue;
    const text = `Found no shard in ${folder}; expected the --output-dir of a run with --shard`;
    throw new PaddleLabError('FILE_NOT_FOUND', text);
  }
  checkSameRun(journals);
  const shards: ShardContent[] = [];
  for (const journal of journals) shards.push(await readShard(journal));
  refuseTwice(shards);
  return collect(shards.sort((a, b) => a.settings.shard.number - b.settings.shard.number));
}

/** The same folder may be named twice. */
async function distinct(folders: readonly string[]): Promise<string[]> {
  const found = new Map<string, string>();
  for (const folder of folders.map((given) => path.resolve(given))) {
    const real = await realpath(folder).catch(() => folder);
    if (!found.has(real)) found.set(real, folder);
  }
  return [...found.values()];
}

function refuseTwice(shards: readonly ShardContent[]): void {
  const known = new Map<number, ShardContent>();
  for (const shard of shards) {
    const { number } = shard.settings.shard;
    const other = known.get(number);
    known.set(number, shard);
    if (other === undefined) continue;
    const text =
      `Expected each shard once but received ${shardText(shard.settings.shard)} twice: ${state(other)}, and ${state(shard)}; ` +
      'leave one of the two out';
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  }
}

function state({ file, records, ended, settings }: ShardContent): string {
  return `${file} (${records.size} of ${imagesText(settings.shard.names.length)}, ${ended ? 'ended' : 'not ended'})`;
}

function collect(shards: readonly ShardContent[]): CollectedRun {
  const [first] = shards as readonly [ShardContent];
  const { shard: head, ...settings } = first.settings;
  const { images, threshold } = head;
  const outcomes: (CollectedImage | FailedImage | undefined)[] = Array.from({ length: images }, () => undefined);
  for (const shard of shards) placeOutcomes(shard, outcomes);
  const found = outcomes.filter((outcome) => outcome !== undefined);
  const done = found.filter((outcome): outcome is CollectedImage => 'record' in outcome);
  const failed = found.filter((outcome): outcome is FailedImage => 'code' in outcome);
  const missingImages = images - found.length;
  return { settings, shards, images, threshold, done, failed, missing: missingOf(head, shards), missingImages };
}

/** Puts the outcomes of a shard's images in their places in the run. */
function placeOutcomes(shard: ShardContent, outcomes: (CollectedImage | FailedImage | undefined)[]): void {
  const { names, images, size } = shard.settings.shard;
  const indices = indicesOf(shard.settings.shard, images, size);
  const failures = new Map(shard.failed.map((image) => [image.name, image]));
  for (const [i, name] of names.entries()) {
    const record = shard.records.get(name);
    outcomes[indices[i] as number] = record === undefined ? failures.get(name) : { name, shard, record };
  }
}

function missingOf({ images, size, count }: ShardHead, shards: readonly ShardContent[]): string[] {
  const known = new Map(shards.map((shard) => [shard.settings.shard.number, shard]));
  const missing: string[] = [];
  for (let number = 1; number <= count; number++) {
    const shard = known.get(number);
    const name = shardText({ number, count });
    const own = indicesOf({ number, count }, images, size).length;
    if (shard === undefined && own > 0) missing.push(`shard ${name} (${imagesText(own)})`);
    if (shard === undefined) continue;
    if (shard.missing.length > 0) missing.push(`${listed(shard.missing)} of shard ${name} in ${shard.folder}`);
  }
  return missing;
}

function imagesText(images: number): string {
  return `${images} image${images === 1 ? '' : 's'}`;
}

/** Above this number only the count is given. */
const mostNamed = 10;

function listed(names: readonly string[]): string {
  if (names.length <= mostNamed) return names.join(', ');
  return `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more images`;
}
