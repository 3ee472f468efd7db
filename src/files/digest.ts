import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createReadStream } from './fs';

/** The SHA-256 of a file, in hexadecimal digits. */
export async function sha256Of(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}
