import { StringDecoder } from 'node:string_decoder';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from '../files/fs';
import type { FollowedFile } from './thread-messages';

/** Bytes of a burst that are passed on at once, and again in each second after it; of more only the end is read. */
const BURST_BYTES = 2 ** 20;
/** Less is read only once there is allowance for it, unless other output follows. */
const LEAST_BYTES = 2 ** 16;
/** A fully read file of at least this size is truncated. */
const EMPTY_FROM_BYTES = 64 * 2 ** 20;

/** Reads what is appended to a file, in bounded memory and at a bounded rate. */
export class LogReader {
  private readonly file: number;
  private readonly decoder = new StringDecoder('utf8');
  private position: number;
  private allowance = BURST_BYTES;
  private readAt: number;

  constructor(
    { name, from }: FollowedFile,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.file = openSync(name, 'r+');
    this.position = from;
    this.readAt = now();
  }

  /** The text appended since the last call; empty also while what may be passed on in a second is used up. */
  read(): string {
    const pending = this.pending();
    const allowed = this.allowed();
    return allowed < Math.min(pending, LEAST_BYTES) ? '' : this.readLast(allowed, pending);
  }

  /** The same, with at least the end of the text whatever was read before. */
  readEnd(): string {
    return this.readLast(Math.max(this.allowed(), LEAST_BYTES), this.pending());
  }

  close(): void {
    closeSync(this.file);
  }

  private readLast(most: number, pending: number): string {
    if (pending <= 0) return '';
    const skipped = Math.max(0, pending - most);
    this.position += skipped;
    const bytes = Buffer.alloc(pending - skipped);
    const length = readSync(this.file, bytes, 0, bytes.length, this.position);
    this.position += length;
    this.allowance = Math.max(0, this.allowance - length);
    const text = this.decoder.write(bytes.subarray(0, length));
    // A line written during the truncation is lost, which is acceptable with this much output.
    if (this.position >= EMPTY_FROM_BYTES) this.empty();
    return skipped === 0 ? text : `[${(skipped / 2 ** 20).toFixed(1)} MB of native log left out]\n${text}`;
  }

  private pending(): number {
    return fstatSync(this.file).size - this.position;
  }

  private allowed(): number {
    const now = this.now();
    this.allowance = Math.min(BURST_BYTES, this.allowance + ((now - this.readAt) / 1000) * BURST_BYTES);
    this.readAt = now;
    return Math.floor(this.allowance);
  }

  private empty(): void {
    ftruncateSync(this.file, 0);
    this.position = 0;
  }
}
