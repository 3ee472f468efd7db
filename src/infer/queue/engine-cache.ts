import type { QueueRun } from './run-file';
import type { SliceTools } from './run-slice';

/** What works on the slices of a run, until it is closed. */
export interface OpenedTools extends SliceTools {
  close(): Promise<void>;
}

/**
 * Loads what works on the slices of a run.
 *
 * @throws PaddleLabError if this machine can't do what the run says, such as for another model
 */
export type OpenTools = (run: QueueRun) => Promise<OpenedTools>;

interface Entry {
  readonly run: string;
  readonly tools: Promise<OpenedTools>;
  users: number;
}

/** Runs of which a worker keeps the models loaded. */
const mostKept = 2;

/** The models of the last runs. */
export class EngineCache {
  private readonly entries: Entry[] = [];

  constructor(private readonly open: OpenTools) {}

  /** @throws PaddleLabError those of loading and of the work */
  async use<T>(run: QueueRun, work: (tools: SliceTools) => Promise<T>): Promise<T> {
    const entry = this.entryOf(run);
    entry.users++;
    try {
      await this.closeOld();
      return await work(await entry.tools);
    } catch (error) {
      // What can't be loaded is tried again by the next slice.
      await entry.tools.catch(() => this.remove(entry));
      throw error;
    } finally {
      entry.users--;
    }
  }

  private entryOf(run: QueueRun): Entry {
    const found = this.entries.find((entry) => entry.run === run.id);
    if (found !== undefined) return found;
    const entry = { run: run.id, tools: this.open(run), users: 0 };
    entry.tools.catch(() => undefined);
    this.entries.push(entry);
    return entry;
  }

  private async closeOld(): Promise<void> {
    const idle = this.entries.filter(({ users }) => users === 0);
    for (const old of idle.slice(0, Math.max(0, this.entries.length - mostKept))) {
      this.remove(old);
      await old.tools.then((tools) => tools.close()).catch(() => undefined);
    }
  }

  private remove(entry: Entry): void {
    const place = this.entries.indexOf(entry);
    if (place >= 0) this.entries.splice(place, 1);
  }

  async close(): Promise<void> {
    for (const { tools } of this.entries.splice(0)) await tools.then((opened) => opened.close()).catch(() => undefined);
  }
}
