import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { createReadStream, mkdir, readFile, realpath, rename, stat, writeFile } from '../../files/fs';
import { cacheFolder, warnOfCache } from '../../runtime/cache';

/** Increase when the format or meaning of a verdict changes, so that old ones are ignored. */
const edition = 3;

const contents = new Map<string, Promise<string>>();

/** The cache file for these circumstances, in the user's cache folder. */
export function cacheFileOf(circumstances: unknown): string {
  return path.join(cacheFolder(), 'trials', `${digest(JSON.stringify([edition, circumstances]))}.json`);
}

/** The cached verdict; undefined if there is none, or if it can't be read. */
export async function readCached<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Caches a verdict; if the cache can't be written to, the next process repeats the trial. */
export async function writeCached(file: string, verdict: unknown): Promise<void> {
  const staging = `${file}.${randomUUID()}`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(staging, JSON.stringify(verdict));
    await rename(staging, file);
  } catch (error) {
    // Only time is lost: ignore it.
    warnOfCache(error);
  }
}

/**
 * A digest of a file's content. It is cached by the file's path, size and times: changed content gives a new change
 * time (ctime), even if the modification time is set back.
 */
export async function contentDigest(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
  const identity = `${await realpath(file)} ${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  let content = contents.get(identity);
  if (content === undefined) {
    content = cachedHash(identity, file);
    contents.set(identity, content);
    content.catch(() => contents.delete(identity));
  }
  return content;
}

async function cachedHash(identity: string, file: string): Promise<string> {
  const cacheFile = path.join(cacheFolder(), 'trials', 'contents', digest(identity));
  const known = await readCached<string>(cacheFile);
  if (typeof known === 'string') return known;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  const content = hash.digest('hex');
  await writeCached(cacheFile, content);
  return content;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}
