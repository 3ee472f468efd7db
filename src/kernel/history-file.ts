import path from 'node:path';
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from '../files/fs';
import { cacheFolder, warnOfCache } from '../runtime/cache';

/** A cell that was run once. */
export interface HistoryEntry {
  session: number;
  line: number;
  input: string;
  output: string | null;
}

/** A larger file is cut to its newer half when a kernel starts. */
const MAX_BYTES = 4 * 2 ** 20;

/** The environment variable for another history file; empty disables the history. */
export const HISTORY_VARIABLE = 'PADDLELAB_HISTORY';

/** The cells that all kernels of a user have run, as JSON lines. Lines that can't be read or written are skipped. */
export class HistoryFile {
  constructor(private readonly file: string = process.env[HISTORY_VARIABLE] ?? defaultFile()) {}

  /** The file's entries. */
  read(): HistoryEntry[] {
    if (this.file === '') return [];
    try {
      const text = readFileSync(this.file, 'utf8');
      if (text.length > MAX_BYTES) this.shorten(text);
      return text.split('\n').flatMap(parseLine);
    } catch {
      return [];
    }
  }

  append({ session, line, input }: HistoryEntry): void {
    if (this.file === '') return;
    try {
      mkdirSync(path.dirname(this.file), { recursive: true });
      // Readable by the user only: cells may hold secrets.
      appendFileSync(this.file, `${JSON.stringify({ session, line, input })}\n`, { mode: 0o600 });
    } catch (error) {
      // A lost history entry must not keep a cell from running.
      warnOfCache(error);
    }
  }

  private shorten(text: string): void {
    const partial = `${this.file}.${process.pid}`;
    writeFileSync(partial, text.slice(text.indexOf('\n', text.length - MAX_BYTES / 2) + 1), { mode: 0o600 });
    renameSync(partial, this.file);
  }
}

function defaultFile(): string {
  return path.join(cacheFolder(), 'kernel', 'history.jsonl');
}

function parseLine(text: string): HistoryEntry[] {
  try {
    const { session, line, input } = JSON.parse(text);
    return [{ session, line, input, output: null }];
  } catch {
    return [];
  }
}
