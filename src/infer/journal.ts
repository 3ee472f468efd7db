import path from 'node:path';
import { PaddleLabError } from '../errors';
import { unwritable } from '../files/atomic-file';
import { appendFile, mkdir, open, readFile, stat, truncate, writeFile } from '../files/fs';
import type { PredictResult } from '../results';

/** What is kept of an image that is done: enough to write every summary file of it. */
export interface ImageRecord {
  /** Full path of the image. */
  readonly file: string;
  readonly name: string;
  /** Of a video: the frame's number, from 0, and when it is seen, in seconds. */
  readonly frame?: number;
  readonly time?: number;
  readonly result: PredictResult;
  /** Files that were written for it, below the folder of results. */
  readonly written: readonly string[];
}

interface Entry {
  readonly offset: number;
  readonly length: number;
}

/** Below the folder of results. */
export const journalName = '.paddlelab-infer.jsonl';

/** Whether a folder holds a run to go on with. */
export async function canResume(folder: string): Promise<boolean> {
  return (await stat(path.join(folder, journalName)).catch(() => undefined)) !== undefined;
}

/** What a run notes of its images. */
export type RunJournal = Pick<Journal, 'has' | 'add' | 'read' | 'written'>;

/** For runs that write nothing: there is nothing to go on with. */
export const noJournal: RunJournal = {
  has: () => false,
  written: () => [],
  add: async () => undefined,
  async *read() {},
};

/**
 * A line for each image that is done, on disk, so that a run that was ended at any moment can go on, and a long one
 * needs no memory for its results. The first line tells the settings, which must be the same to go on.
 */
export class Journal {
  private last: Promise<void> = Promise.resolve();

  private constructor(
    private readonly path: string,
    private readonly entries: Map<string, Entry>,
    private size: number,
    /** Files that were written by the run that this one goes on with. */
    private readonly before: readonly string[],
  ) {}

  /** Starts anew. */
  static async create(folder: string, settings: object): Promise<Journal> {
    const file = path.join(folder, journalName);
    const head = `${JSON.stringify(settings)}\n`;
    await failing(file, async () => {
      await mkdir(folder, { recursive: true });
      await writeFile(file, head);
    });
    return new Journal(file, new Map(), Buffer.byteLength(head), []);
  }

  /**
   * Goes on with what is there; undefined where there is nothing to go on with.
   *
   * @throws PaddleLabError INVALID_ARGUMENT if it was begun with other settings
   */
  static async resume(folder: string, settings: object): Promise<Journal | undefined> {
    const file = path.join(folder, journalName);
    const bytes = await readFile(file).catch(() => undefined);
    const end = bytes?.indexOf('\n') ?? -1;
    if (bytes === undefined || end < 0) return undefined;
    const before = parse(bytes.toString('utf8', 0, end));
    if (before === undefined) {
      const text = `${file} is damaged, so that its run can't go on; use --overwrite, or another --output-dir`;
      throw new PaddleLabError('INVALID_ARGUMENT', text);
    }
    checkSame(before, settings as Record<string, unknown>, folder);
    const entries = new Map<string, Entry>();
    const files: string[] = [];
    let start = end + 1;
    for (let stop = bytes.indexOf('\n', start); stop >= 0; stop = bytes.indexOf('\n', start)) {
      const record = parse(bytes.toString('utf8', start, stop)) as ImageRecord | undefined;
      // What stands behind it is done again.
      if (record === undefined) break;
      entries.set(record.file, { offset: start, length: stop - start });
      files.push(...record.written);
      start = stop + 1;
    }
    // A line that was being written when the run, or the computer, ended is cut off. Written anew, nothing would be left on a full disk.
    if (start < bytes.length) await failing(file, () => truncate(file, start));
    return new Journal(file, entries, start, files);
  }

  has(file: string): boolean {
    return this.entries.has(file);
  }

  /** Files of images that were done before this run, below the folder of results. */
  written(): readonly string[] {
    return this.before;
  }

  /** Notes that an image is done; in the order of the calls. */
  add(record: ImageRecord): Promise<void> {
    const line = `${JSON.stringify(record)}\n`;
    this.last = this.last.then(async () => {
      await failing(this.path, () => appendFile(this.path, line));
      const length = Buffer.byteLength(line);
      this.entries.set(record.file, { offset: this.size, length: length - 1 });
      this.size += length;
    });
    return this.last;
  }

  /** The records of some images, in the order of these, one at a time. */
  async *read(files: Iterable<string>): AsyncGenerator<ImageRecord> {
    const handle = await open(this.path);
    try {
      for (const file of files) {
        const entry = this.entries.get(file);
        if (entry === undefined) continue;
        const { buffer } = await handle.read(Buffer.alloc(entry.length), 0, entry.length, entry.offset);
        yield JSON.parse(buffer.toString('utf8')) as ImageRecord;
      }
    } finally {
      await handle.close();
    }
  }
}

function parse(line: string): Settings | undefined {
  try {
    return JSON.parse(line) as Settings;
  } catch {
    return undefined;
  }
}

type Settings = Readonly<Record<string, unknown>>;

function checkSame(before: Settings, now: Settings, folder: string, within = ''): void {
  for (const key of Object.keys({ ...before, ...now })) {
    const [old, wanted] = [before[key], now[key]].map((value) => JSON.stringify(value));
    if (old === wanted) continue;
    const name = within + key;
    // A whole configuration in a message would hide the one value that differs.
    if (isMapping(before[key]) && isMapping(now[key])) checkSame(before[key], now[key], folder, `${name}.`);
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `The run in ${folder} was begun with ${name} ${old} and can't go on with ${wanted}; ` +
        'use the same settings, another --output-dir, or --overwrite',
    );
  }
}

function isMapping(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null;
}

async function failing(file: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw unwritable(file, error);
  }
}
