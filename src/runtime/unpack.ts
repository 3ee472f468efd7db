import path from 'node:path';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import type yauzl from 'yauzl';
import { PaddleLabError } from '../errors';
import { createReadStream, createWriteStream, mkdir, writeFile } from '../files/fs';
import { throwIfAborted } from '../validate';
import type { RuntimeFile } from './manifest';

export interface UnpackOptions {
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
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
export async function unpackWheel(wheel: string, folder: string, options: UnpackOptions = {}): Promise<RuntimeFile[]> {
  // Loaded on first use: few programs install a runtime.
  const { openPromise } = require('yauzl') as typeof yauzl;
  const zip = await openPromise(wheel, { autoClose: false });
  try {
    const entries: yauzl.Entry[] = [];
    for await (const entry of zip.eachEntry()) if (isRuntimeFile(entry.fileName)) entries.push(entry);
    if (!entries.some((entry) => entry.fileName.endsWith('/libpaddle.so'))) {
      throw new PaddleLabError(
        'RUNTIME_INSTALL_FAILED',
        `Expected a file libpaddle.so for the wheel ${path.basename(wheel)} but it contains none; ` +
          'choose Paddle 2.5 or newer',
      );
    }
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
        const target = path.join(folder, entry.fileName);
        await unpackEntry(zip, wheel, entry, target, { count, signal: options.signal });
      }
    };
    await settleAll(Array.from({ length: PARALLEL }, work));
    return entries
      .map((entry) => ({ path: entry.fileName, size: entry.uncompressedSize }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
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
  options: { count: (bytes: number) => void; signal?: AbortSignal },
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
  await pipeline(source, inflate, meter, createWriteStream(target, { mode: 0o755 }), { signal: options.signal });
  if (size === entry.uncompressedSize && checksum === entry.crc32) return;
  throw new PaddleLabError(
    'RUNTIME_INSTALL_FAILED',
    `Expected the wheel's checksum for ${entry.fileName} but it differs`,
  );
}
