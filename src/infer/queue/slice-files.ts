import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { unwritable } from '../../files/atomic-file';
import { appendFile, mkdir, readdir, rm, statIfThere } from '../../files/fs';
import { sweepTemporaries } from '../../files/temporaries';
import { journalLines } from '../../predict/journal-lines';
import { type FailedImage, type ImageRecord, parseLine } from '../../predict/result-journal';
import { writeLines } from '../summaries/line-file';
import { runFolderName } from './run-file';

/** What became of an image: its record, or why there is none. */
export type SliceOutcome = ImageRecord | { readonly failed: FailedImage };

/** The name of an image of an outcome. */
export function nameOf(outcome: SliceOutcome): string {
  return 'failed' in outcome ? outcome.failed.name : outcome.name;
}

/**
 * What an attempt at a slice writes down while it works, one line each: the images of a group before it is predicted,
 * each outcome, and that the slice went back to the queue. What is begun without an outcome was under way when the worker died.
 */
export type AttemptLine = SliceOutcome | { readonly begin: readonly string[] } | { readonly left: true };

const slices = (folder: string): string => path.join(folder, runFolderName, 'slices');
const attempts = (folder: string): string => path.join(folder, runFolderName, 'attempts');

/** The file of a finished slice: an outcome per line. It appears when it is complete. */
export function sliceFile(folder: string, slice: number): string {
  return path.join(slices(folder), `${slice}.jsonl`);
}

/** Whether a slice is finished. */
export async function isFinished(folder: string, slice: number): Promise<boolean> {
  return (await statIfThere(sliceFile(folder, slice))) !== undefined;
}

/** The finished slices of a run. */
export async function finishedSlices(folder: string): Promise<number[]> {
  const names = await readdir(slices(folder)).catch(() => []);
  return names.flatMap((name) => (/^\d+\.jsonl$/.test(name) ? [Number.parseInt(name, 10)] : []));
}

/** @throws PaddleLabError FILE_UNWRITABLE */
export async function finishSlice(folder: string, slice: number, outcomes: readonly SliceOutcome[]): Promise<void> {
  await writeLines(
    sliceFile(folder, slice),
    (async function* () {
      for (const outcome of outcomes) yield `${JSON.stringify(outcome)}\n`;
    })(),
  );
  // What can't be removed now is removed with the run.
  for (const file of await attemptsOf(folder, slice)) await rm(file, { force: true }).catch(() => undefined);
}

/** The outcomes of a finished slice, with the places of the lines. */
export async function* readSlice(
  folder: string,
  slice: number,
): AsyncGenerator<{ outcome: SliceOutcome; offset: number; length: number }, void, undefined> {
  for await (const { offset, length, text } of journalLines(sliceFile(folder, slice))) {
    const line = parseLine(text);
    if (isOutcome(line)) yield { outcome: line, offset, length };
  }
}

/** The files of all attempts at slices. */
export async function attemptFiles(folder: string): Promise<string[]> {
  const names = await readdir(attempts(folder)).catch(() => []);
  return names.filter((name) => /^\d+-[0-9a-f]+\.jsonl$/.test(name)).map((name) => path.join(attempts(folder), name));
}

/** The slice of the file of an attempt. */
export function sliceOfAttempt(file: string): number {
  return Number.parseInt(path.basename(file), 10);
}

async function attemptsOf(folder: string, slice: number): Promise<string[]> {
  return (await attemptFiles(folder)).filter((file) => sliceOfAttempt(file) === slice);
}

/** The lines of an attempt so far. */
export async function* readAttempt(file: string): AsyncGenerator<AttemptLine, void, undefined> {
  for await (const { text } of journalLines(file)) {
    const line = parseLine(text) as AttemptLine | undefined;
    if (line !== undefined) yield line;
  }
}

/** The lines of all earlier attempts at a slice. */
export async function earlierAttempts(folder: string, slice: number): Promise<AttemptLine[][]> {
  const all: AttemptLine[][] = [];
  for (const file of await attemptsOf(folder, slice)) {
    const lines: AttemptLine[] = [];
    // Another worker may have just finished the slice.
    try {
      for await (const line of readAttempt(file)) lines.push(line);
    } catch {
      continue;
    }
    all.push(lines);
  }
  return all;
}

export function isOutcome(line: object | undefined): line is SliceOutcome {
  return line !== undefined && ('result' in line || 'failed' in line);
}

/** An attempt at a slice; each has a file of its own, because a worker that the queue no longer hears may still write. */
export class Attempt {
  private last: Promise<void> = Promise.resolve();

  private constructor(private readonly file: string) {}

  /** @throws PaddleLabError FILE_UNWRITABLE */
  static async open(folder: string, slice: number): Promise<Attempt> {
    const file = path.join(attempts(folder), `${slice}-${randomBytes(6).toString('hex')}.jsonl`);
    try {
      await mkdir(path.dirname(file), { recursive: true });
    } catch (error) {
      throw unwritable(file, error);
    }
    return new Attempt(file);
  }

  /** @throws PaddleLabError FILE_UNWRITABLE */
  add(line: AttemptLine): Promise<void> {
    this.last = this.last.then(async () => {
      try {
        await appendFile(this.file, `${JSON.stringify(line)}\n`);
      } catch (error) {
        throw unwritable(this.file, error);
      }
    });
    return this.last;
  }
}

/** Removes the temporary files that killed workers have left in the folders of results. */
export async function sweepResults(folder: string, names: Iterable<string>): Promise<void> {
  const folders = new Set([folder, slices(folder)]);
  for (const name of names) folders.add(path.dirname(path.join(folder, name)));
  await sweepTemporaries(folders);
}
