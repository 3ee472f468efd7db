import path from 'node:path';
import { PaddleLabError } from '../errors';
import { unwritable } from '../files/atomic-file';
import { appendFile, mkdir, open, stat, truncate, writeFile } from '../files/fs';
import type { PredictResult } from '../results';
import { journalLines } from './journal-lines';

/** The record of a finished image: everything that the summary files need. */
export interface ImageRecord {
  /** Full path of the image. */
  readonly file: string;
  readonly name: string;
  /** Frame of a video: its number, from 0, and its time in seconds. */
  readonly frame?: number;
  readonly time?: number;
  readonly result: PredictResult;
  /** Files written for it, relative to the folder of results. */
  readonly written: readonly string[];
}

/** An image without a result, and why. */
export interface FailedImage {
  readonly file: string;
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** The last line of a finished shard: whatever has no record then has failed. */
export interface JournalEnd {
  readonly end: { readonly failed: readonly FailedImage[] };
}

interface Entry {
  readonly offset: number;
  readonly length: number;
}

/** The journals of jobs over many images, relative to the folder of results. */
export const journalNames = { infer: '.paddlelab-infer.jsonl', evaluate: '.paddlelab-evaluate.jsonl' } as const;

/** A shard of a run has a journal of its own, and so has each video. */
export type JournalName =
  | (typeof journalNames)[keyof typeof journalNames]
  | `.paddlelab-infer-${string}.jsonl`
  | `.paddlelab-video-${string}.jsonl`;

/** What a record is found by: the path of its image, or the video and the number of the frame. */
export function recordKey({ file, frame }: Pick<ImageRecord, 'file' | 'frame'>): string {
  return frame === undefined ? file : `${file}#${frame}`;
}

/** Whether a folder has a run that can be resumed. */
export async function canResume(folder: string, name: JournalName): Promise<boolean> {
  return (await stat(path.join(folder, name)).catch(() => undefined)) !== undefined;
}

/** The journal operations of a run. */
export type RunJournal = Pick<Journal, 'has' | 'add' | 'end' | 'read' | 'written'>;

/** For runs that write nothing and can't be resumed. */
export const noJournal: RunJournal = {
  has: () => false,
  written: () => [],
  add: async () => undefined,
  end: async () => undefined,
  async *read() {},
};

/**
 * A file with one line for each finished image, so that an interrupted run can be resumed at any point, and a long run
 * does not keep its results in memory. The first line has the settings, which must be the same to resume.
 */
export class Journal {
  private last: Promise<void> = Promise.resolve();

  private constructor(
    private readonly path: string,
    private readonly entries: Map<string, Entry>,
    private size: number,
    /** Files written by the resumed run. */
    private readonly before: readonly string[],
  ) {}

  /** Starts a new journal. */
  static async create(folder: string, name: JournalName, settings: object): Promise<Journal> {
    const file = path.join(folder, name);
    const head = `${JSON.stringify(settings)}\n`;
    await failing(file, async () => {
      await mkdir(folder, { recursive: true });
      await writeFile(file, head);
    });
    return new Journal(file, new Map(), Buffer.byteLength(head), []);
  }

  /**
   * Opens an existing journal; undefined if there is nothing to resume.
   *
   * @throws PaddleLabError INVALID_ARGUMENT if it was started with other settings
   */
  static async resume(folder: string, name: JournalName, settings: object): Promise<Journal | undefined> {
    if (!(await canResume(folder, name))) return undefined;
    const file = path.join(folder, name);
    const size = (await stat(file).catch(() => undefined))?.size ?? 0;
    const entries = new Map<string, Entry>();
    const files: string[] = [];
    let start = 0;
    for await (const { offset, length, text } of journalLines(file)) {
      const line = parseLine(text);
      if (offset === 0) checkHead(line, settings, folder, file);
      // Images after a damaged line are processed again.
      else if (line === undefined) break;
      else if (!isEnd(line)) {
        const record = line as unknown as ImageRecord;
        entries.set(recordKey(record), { offset, length });
        files.push(...record.written);
      }
      start = offset + length + 1;
    }
    if (start === 0) return undefined;
    // A partial line, from when the run or the computer ended, is cut off. Rewriting the file instead could lose
    // everything on a full disk.
    if (start < size) await failing(file, () => truncate(file, start));
    return new Journal(file, entries, start, files);
  }

  /** @param key the `recordKey` of an image or a frame */
  has(key: string): boolean {
    return this.entries.has(key);
  }

  /** Files of images that were finished before this run, relative to the folder of results. */
  written(): readonly string[] {
    return this.before;
  }

  /** Records a finished image, in the order of the calls. */
  add(record: ImageRecord): Promise<void> {
    return this.append(record, (entry) => this.entries.set(recordKey(record), entry));
  }

  /** Records that every image was tried. */
  end(failed: readonly FailedImage[]): Promise<void> {
    return this.append({ end: { failed } } satisfies JournalEnd);
  }

  private append(value: object, added?: (entry: Entry) => void): Promise<void> {
    const line = `${JSON.stringify(value)}\n`;
    this.last = this.last.then(async () => {
      await failing(this.path, () => appendFile(this.path, line));
      const length = Buffer.byteLength(line);
      added?.({ offset: this.size, length: length - 1 });
      this.size += length;
    });
    return this.last;
  }

  /** The records of some images or frames, in their order, one at a time. */
  async *read(keys: Iterable<string>): AsyncGenerator<ImageRecord> {
    const handle = await open(this.path);
    try {
      for (const key of keys) {
        const entry = this.entries.get(key);
        if (entry === undefined) continue;
        const { buffer } = await handle.read(Buffer.alloc(entry.length), 0, entry.length, entry.offset);
        yield JSON.parse(buffer.toString('utf8')) as ImageRecord;
      }
    } finally {
      await handle.close();
    }
  }
}

/** Whether a line is not the record of an image but the end of a shard. */
export function isEnd(line: object): line is JournalEnd {
  return Object.hasOwn(line, 'end');
}

function checkHead(head: Settings | undefined, settings: object, folder: string, file: string): void {
  if (head === undefined) {
    const text = `${file} is damaged, so that its run can't be resumed; use --overwrite, or another --output-dir`;
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  }
  checkSame(head, settings as Settings, folder);
}

/** The value of a line; undefined if it is damaged. */
export function parseLine(line: string): Settings | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isMapping(value) ? value : undefined;
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
    // A whole configuration in the message would hide the differing value.
    if (isMapping(before[key]) && isMapping(now[key])) checkSame(before[key], now[key], folder, `${name}.`);
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `The run in ${folder} was started with ${name} ${old} and can't be resumed with ${wanted}; ` +
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
