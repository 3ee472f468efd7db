import { StringDecoder } from 'node:string_decoder';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from '../files/fs';
import type { FollowedFile } from './thread-messages';

/** Bytes read at once; of a longer burst only the end is read. */
const MOST_BYTES = 2 ** 20;
/** A fully read file of at least this size is truncated. */
const EMPTY_FROM_BYTES = 64 * 2 ** 20;

/** Reads what is appended to a file, in bounded memory. */
export class LogReader {
  private readonly file: number;
  private readonly decoder = new StringDecoder('utf8');
  private position: number;

  constructor({ name, from }: FollowedFile) {
    this.file = openSync(name, 'r+');
    this.position = from;
  }

  /** The text appended since the last call; may be empty. */
  read(): string {
    const { size } = fstatSync(this.file);
    if (size <= this.position) return '';
    const skipped = Math.max(0, size - this.position - MOST_BYTES);
    this.position += skipped;
    const bytes = Buffer.alloc(size - this.position);
    const length = readSync(this.file, bytes, 0, bytes.length, this.position);
    this.position += length;
    const text = this.decoder.write(bytes.subarray(0, length));
    // A line written during the truncation is lost, which is acceptable with this much output.
    if (this.position >= EMPTY_FROM_BYTES) this.empty();
    return skipped === 0 ? text : `[${(skipped / 2 ** 20).toFixed(1)} MB of native log left out]\n${text}`;
  }

  close(): void {
    closeSync(this.file);
  }

  private empty(): void {
    ftruncateSync(this.file, 0);
    this.position = 0;
  }
}
