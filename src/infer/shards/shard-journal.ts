import path from 'node:path';
import { open, readdir } from '../../files/fs';
import { journalLines } from '../../predict/journal-lines';
import { type FailedImage, type ImageRecord, isEnd, parseLine } from '../../predict/result-journal';
import { shardOfJournal } from './shard';
import type { ShardHead } from './shard-plan';

/** The first line of a shard's journal: the settings of its run, and what is the shard's own. */
export type ShardSettings = Readonly<Record<string, unknown>> & { readonly shard: ShardHead };

/** The journal of a shard. */
export interface ShardJournal {
  readonly folder: string;
  readonly file: string;
  readonly settings: ShardSettings;
}

/** The journals of shards in a folder, by their numbers; one whose first line is not complete is left out. */
export async function findShards(folder: string): Promise<ShardJournal[]> {
  const found: ShardJournal[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    if (shardOfJournal(name) === undefined) continue;
    const file = path.join(folder, name);
    const settings = await headOf(file);
    if (settings !== undefined) found.push({ folder, file, settings });
  }
  return found.sort((a, b) => a.settings.shard.number - b.settings.shard.number);
}

async function headOf(file: string): Promise<ShardSettings | undefined> {
  for await (const { text } of journalLines(file)) {
    const head = parseLine(text);
    return isShardHead(head?.shard) ? (head as ShardSettings) : undefined;
  }
  return undefined;
}

function isShardHead(value: unknown): value is ShardHead {
  const { number, count, images, size, names } = (value ?? {}) as Partial<ShardHead>;
  return [number, count, images, size].every(Number.isInteger) && Array.isArray(names);
}

/** Where the record of an image is in the journal of its shard, and which files it names. */
export interface RecordPlace {
  readonly offset: number;
  readonly length: number;
  readonly written: readonly string[];
}

/** What a shard has done. */
export interface ShardContent extends ShardJournal {
  /** The finished images by name. */
  readonly records: ReadonlyMap<string, RecordPlace>;
  /** Whether every image was tried. */
  readonly ended: boolean;
  /** The images that failed. */
  readonly failed: readonly FailedImage[];
  /** The names of images without a record. */
  readonly missing: readonly string[];
}

/** Reads a whole journal; of each record only its place is kept. */
export async function readShard(journal: ShardJournal): Promise<ShardContent> {
  const records = new Map<string, RecordPlace>();
  let failures: readonly FailedImage[] | undefined;
  for await (const { offset, length, text } of journalLines(journal.file)) {
    if (offset === 0) continue;
    const line = parseLine(text);
    if (line === undefined) continue;
    if (isEnd(line)) {
      failures = line.end.failed;
      continue;
    }
    const { name, written } = line as unknown as ImageRecord;
    records.set(name, { offset, length, written });
  }
  // A later attempt may have succeeded.
  const failed = (failures ?? []).filter(({ name }) => !records.has(name));
  const known = new Set([...records.keys(), ...failed.map(({ name }) => name)]);
  const missing = journal.settings.shard.names.filter((name) => !known.has(name));
  return { ...journal, records, ended: failures !== undefined, failed, missing };
}

/** The text of one record. */
export async function readRecord(file: string, { offset, length }: RecordPlace): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}
