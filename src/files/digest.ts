import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createReadStream } from './fs';

/** The SHA-256 of a file, in hexadecimal digits. */
export function sha256Of(file: string, signal?: AbortSignal): Promise<string> {
  return digestOf(file, 'sha256', 'hex', signal);
}

/** The SHA-512 of a file as npm writes it: `sha512-` and the digest in Base64. */
export async function integrityOf(file: string, signal?: AbortSignal): Promise<string> {
  return `sha512-${await digestOf(file, 'sha512', 'base64', signal)}`;
}

async function digestOf(
  file: string,
  algorithm: string,
  encoding: 'hex' | 'base64',
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest(encoding);
}
