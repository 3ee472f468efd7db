import { statIfThere } from '../../files/fs';
import { journalLines } from '../../predict/journal-lines';
import { readRun } from '../queue/run-file';
import { finishedSlices, sliceFile } from '../queue/slice-files';
import { findShards } from '../shards/shard-journal';

/** How far a run is that many processes work on. */
export interface RunProgress {
  readonly of: 'shards' | 'queue' | 'nothing';
  /** Number of images; 0 while it is not known. */
  readonly images: number;
  /** Number of images that are finished, or were tried in vain. */
  readonly done: number;
  /** Number of parts: shards, or slices of a queue. */
  readonly parts: number;
  /** Number of parts that have ended. */
  readonly ended: number;
  /** Number of parts in which something happened in the last half minute and that have not ended. */
  readonly active: number;
}

/** A part whose files have not changed for so long rests. */
const restsMs = 30_000;

const nothing: RunProgress = { of: 'nothing', images: 0, done: 0, parts: 0, ended: 0, active: 0 };

/** Reads how far the shards in some folders are, or the run of a queue in one; each look reads only what is new. */
export class ProgressReader {
  private readonly journals = new Map<string, GrowingJournal>();
  private readonly slices = new Map<number, number>();

  constructor(private readonly folders: readonly string[]) {}

  /** @throws PaddleLabError FILE_NOT_FOUND if a file can't be read */
  async look(): Promise<RunProgress> {
    for (const folder of this.folders) {
      const run = await readRun(folder);
      if (run !== undefined) return this.lookAtSlices(folder, run.images, Math.ceil(run.images / run.slice));
    }
    return this.lookAtShards();
  }

  private async lookAtShards(): Promise<RunProgress> {
    const numbers = new Map<number, GrowingJournal>();
    let [images, parts] = [0, 0];
    for (const folder of this.folders) {
      for (const { file, settings } of await findShards(folder)) {
        const journal = this.journals.get(file) ?? new GrowingJournal(file);
        this.journals.set(file, journal);
        numbers.set(settings.shard.number, journal);
        ({ images, count: parts } = settings.shard);
      }
    }
    if (parts === 0) return nothing;
    const journals = [...numbers.values()];
    for (const journal of journals) await journal.read();
    return {
      ...{ of: 'shards', images, parts },
      done: journals.reduce((sum, journal) => sum + journal.images, 0),
      ended: journals.filter((journal) => journal.ended).length,
      active: journals.filter((journal) => !journal.ended && Date.now() - journal.changed < restsMs).length,
    };
  }

  private async lookAtSlices(folder: string, images: number, parts: number): Promise<RunProgress> {
    for (const slice of await finishedSlices(folder)) {
      if (!this.slices.has(slice)) this.slices.set(slice, await linesOf(sliceFile(folder, slice)));
    }
    const done = [...this.slices.values()].reduce((sum, lines) => sum + lines, 0);
    return { of: 'queue', images, done, parts, ended: this.slices.size, active: 0 };
  }
}

/** The journal of a shard, which grows while it is read. */
class GrowingJournal {
  private readonly names = new Set<string>();
  private offset = 0;
  /** Number of images without a result, if it has ended. */
  private failed = 0;
  ended = false;
  changed = 0;

  constructor(private readonly file: string) {}

  get images(): number {
    return this.names.size + this.failed;
  }

  async read(): Promise<void> {
    const found = await statIfThere(this.file);
    if (found === undefined || (found.size === this.offset && found.mtimeMs === this.changed)) return;
    this.changed = found.mtimeMs;
    // A run that was begun again.
    if (found.size < this.offset) {
      this.names.clear();
      [this.offset, this.failed, this.ended] = [0, 0, false];
    }
    for await (const { offset, length, text } of journalLines(this.file, this.offset)) {
      if (offset > 0) this.take(text);
      this.offset = offset + length + 1;
    }
  }

  private take(line: string): void {
    const end = /^\{"end":\{"failed":(\[.*\])\}\}$/s.exec(line);
    // A shard that is continued writes on after its end.
    this.ended = end !== null;
    this.failed = end === null ? 0 : (JSON.parse(end[1] as string) as unknown[]).length;
    // Whole records may be large, and only the name is wanted.
    const name = /^\{"file":"(?:[^"\\]|\\.)*","name":("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
    if (name !== undefined) this.names.add(name);
  }
}

async function linesOf(file: string): Promise<number> {
  let lines = 0;
  for await (const _ of journalLines(file)) lines++;
  return lines;
}
