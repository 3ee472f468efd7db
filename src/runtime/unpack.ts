import path from 'node:path';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import type yauzl from 'yauzl';
import { PaddleLabError } from '../errors';
import { cp, createReadStream, createWriteStream, mkdir, readdir, stat, writeFile } from '../files/fs';
import { throwIfAborted } from '../validate';
import type { Fetched } from './fetch-options';
import type { RuntimeFile } from './manifest';

export interface UnpackOptions {
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

interface CheckedUnpackOptions extends UnpackOptions {
  /** Throws if the chosen files are not the expected ones. */
  check?: (names: readonly string[]) => void;
  /** Of the files; by default they can be executed. */
  mode?: number;
}

/** Inflating uses one thread per stream; a few at once use the cores without much memory. */
const PARALLEL = 4;

const CHUNK = 1 << 18;

/** The zip compression method of an uncompressed entry. */
const STORED = 0;

/** The parts of a wheel that are needed without Python: libraries, version, licences. */
export function isRuntimeFile(name: string): boolean {
  if (name.endsWith('/')) return false;
  if (/^paddle\/.*\.so(\.\d+)*$/.test(name)) return true;
  if (name === 'paddle/version/__init__.py' || name === 'paddle/version.py') return true;
  return /^[^/]+\.dist-info\/(.*\/)?(LICEN[CS]E|NOTICE|COPYING|AUTHORS|METADATA)[^/]*$/i.test(name);
}

/** Unpacks the runtime's files of a wheel into `folder`, in the wheel's own layout. */
export function unpackRuntime(fetched: Fetched, folder: string, options: UnpackOptions = {}): Promise<RuntimeFile[]> {
  const place = (name: string): string | undefined => (isRuntimeFile(name) ? name : undefined);
  return unpackFetched(fetched, folder, place, {
    ...options,
    check(names) {
      if (fetched.kind === 'folder' || names.some((name) => name.endsWith('/libpaddle.so'))) return;
      throw new PaddleLabError(
        'RUNTIME_INSTALL_FAILED',
        `Expected a file libpaddle.so for the wheel ${path.basename(fetched.file)} but it contains none; ` +
          'choose Paddle 2.5 or newer',
      );
    },
  });
}

/**
 * Unpacks files of a wheel into `folder`.
 *
 * @param place the path in the folder for a file of the wheel; undefined leaves it out
 */
export async function unpackFetched(
  fetched: Fetched,
  folder: string,
  place: (name: string) => string | undefined,
  options: CheckedUnpackOptions = {},
): Promise<RuntimeFile[]> {
  const files =
    fetched.kind === 'wheel'
      ? await unpackWheel(fetched.file, folder, place, options)
      : await copyUnpacked(fetched.folder, folder, place, options);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** uv has unpacked the wheel already. */
async function copyUnpacked(
  from: string,
  folder: string,
  place: (name: string) => string | undefined,
  { onProgress, signal, check }: CheckedUnpackOptions,
): Promise<RuntimeFile[]> {
  const names = (await readdir(from, { recursive: true })).filter((name) => place(name) !== undefined);
  check?.(names);
  const files: RuntimeFile[] = [];
  for (const name of names) {
    throwIfAborted(signal);
    const { size } = await stat(path.join(from, name));
    const target = place(name) as string;
    await cp(path.join(from, name), path.join(folder, target));
    files.push({ path: target, size });
    onProgress?.(files.length, names.length);
  }
  return files;
}

async function unpackWheel(
  wheel: string,
  folder: string,
  place: (name: string) => string | undefined,
  options: CheckedUnpackOptions,
): Promise<RuntimeFile[]> {
  // Loaded on first use: few programs install a runtime.
  const { openPromise } = require('yauzl') as typeof yauzl;
  const zip = await openPromise(wheel, { autoClose: false });
  try {
    const entries: yauzl.Entry[] = [];
    for await (const entry of zip.eachEntry()) if (place(entry.fileName) !== undefined) entries.push(entry);
    options.check?.(entries.map(({ fileName }) => fileName));
    const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    let done = 0;
    const count = (bytes: number): void => {
      done += bytes;
      options.onProgress?.(done, total);
    };
    // The largest first, so that it does not end up running alone at the end.
    const queue = [...entries].sort((a, b) => b.uncompressedSize - a.uncompressedSize);
    const work = async (): Promise<void> => {
      for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
        throwIfAborted(options.signal);
        const target = path.join(folder, place(entry.fileName) as string);
        await unpackEntry(zip, wheel, entry, target, { count, signal: options.signal, mode: options.mode ?? 0o755 });
      }
    };
    await settleAll(Array.from({ length: PARALLEL }, work));
    return entries.map((entry) => ({ path: place(entry.fileName) as string, size: entry.uncompressedSize }));
  } finally {
    zip.close();
  }
}

/** Waits for all streams before it throws, so that none writes into a folder that the caller deletes. */
async function settleAll(tasks: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(tasks);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/**
 * Streams one entry to its file. yauzl is only used to locate the entry: its own streams share one queue, and
 * destroying a queued one (on abort) crashes the process.
 */
async function unpackEntry(
  zip: yauzl.ZipFile,
  wheel: string,
  entry: yauzl.Entry,
  target: string,
  options: { count: (bytes: number) => void; signal?: AbortSignal; mode: number },
): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  if (entry.compressedSize === 0) {
    await writeFile(target, '');
    return;
  }
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  let size = 0;
  let checksum = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      size += chunk.length;
      // A damaged or hostile entry must not fill the disk.
      if (size > entry.uncompressedSize) return callback(differs(entry));
      checksum = crc32(chunk, checksum);
      options.count(chunk.length);
      callback(null, chunk);
    },
  });
  const source = createReadStream(wheel, {
    start: fileDataStart,
    end: fileDataStart + entry.compressedSize - 1,
    highWaterMark: CHUNK,
  });
  const inflate = entry.compressionMethod === STORED ? new PassThrough() : createInflateRaw({ chunkSize: CHUNK });
  await pipeline(source, inflate, meter, createWriteStream(target, { mode: options.mode }), { signal: options.signal });
  if (size === entry.uncompressedSize && checksum === entry.crc32) return;
  throw differs(entry);
}

function differs(entry: yauzl.Entry): PaddleLabError {
  return new PaddleLabError(
    'RUNTIME_INSTALL_FAILED',
    `Expected the wheel's size and checksum for ${entry.fileName} but they differ`,
  );
}
