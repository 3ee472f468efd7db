import { closeSync, openSync, readSync } from '../files/fs';
import type { ReadBytes } from './sfnt';

/** Reads parts of a file: of hundreds of fonts, only the lists of letters are needed. */
export function readFileParts<T>(file: string, use: (read: ReadBytes) => T): T {
  const handle = openSync(file, 'r');
  try {
    return use((offset, length) => {
      const bytes = Buffer.alloc(length);
      const count = readSync(handle, bytes, 0, length, offset);
      return bytes.subarray(0, count);
    });
  } finally {
    closeSync(handle);
  }
}
