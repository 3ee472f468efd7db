import { PaddleLabError } from '../../errors';
import { shardText } from './shard';
import type { ShardJournal, ShardSettings } from './shard-journal';

/** What shards of one run have in common, under the words for it in messages. */
function inCommon({ shard, model, networks, ...settings }: ShardSettings): Readonly<Record<string, unknown>> {
  const { count, images, size, list, models, threshold } = shard;
  return {
    'number of shards': count,
    'number of images': images,
    'names of images': list,
    models,
    'images per run': size,
    'minimum score': threshold,
    ...settings,
    // Machines may store a model at different places; its files are compared.
    networks: Array.isArray(networks) ? networks.map((network) => ({ ...network, model: undefined })) : undefined,
  };
}

/** Values that are not shown in errors. */
const digests = ['names of images', 'models'];

/** Advice for what differs by accident. */
const advice: Readonly<Record<string, string>> = {
  engine: 'with --engine NAME all machines use the same one',
  networks: 'with --engine NAME all machines use the same engine',
  paddle: 'with --runtime VERSION all machines use the same Paddle',
  'names of images': 'all shards must find the same images: put results elsewhere, and leave the images as they are',
  'number of images': 'all shards must find the same images: put results elsewhere, and leave the images as they are',
};

/** How the settings of two shards differ, in words; undefined if they are of one run. */
export function differenceOf(one: ShardSettings, other: ShardSettings): string | undefined {
  const [first, second] = [inCommon(one), inCommon(other)];
  for (const key of Object.keys({ ...first, ...second })) {
    const [a, b] = [first[key], second[key]].map((value) => JSON.stringify(value));
    if (a === b) continue;
    const hint = advice[key] === undefined ? '' : `; ${advice[key]}`;
    return digests.includes(key) ? `the ${key} differ${hint}` : `${key}: ${a} and ${b}${hint}`;
  }
  return undefined;
}

/** @throws PaddleLabError INVALID_ARGUMENT if shards are not of one run */
export function checkSameRun([first, ...others]: readonly ShardJournal[]): void {
  if (first === undefined) return;
  for (const other of others) {
    const difference = differenceOf(first.settings, other.settings);
    if (difference === undefined) continue;
    const [a, b] = [first, other].map(({ settings, folder }) => `shard ${shardText(settings.shard)} in ${folder}`);
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected shards of one run but received ${a} and ${b}: ${difference}`,
    );
  }
}
