import { AsyncLocalStorage } from 'node:async_hooks';
import { StringDecoder } from 'node:string_decoder';
import type { MimeBundle } from '../display/display';
import { type FrontEnd, type LiveDisplay, type Question, setFrontEnd, setLiveDisplay } from '../display/live-output';
import { encodeBundle } from '../notebook/bundle';
import { disableHookChecks } from './async-hook-checks';
import { keepUnseen } from './inspect-values';
import { type KernelIo, newDisplayId } from './io';
import type { JsonObject, Request } from './jupyter-protocol';
import type { TslabDisplay } from './tslab/display';
import type { TslabDisplayData } from './tslab/internals';

type WriteCallback = (error?: Error | null) => void;

/** The state of one run of a cell, also after the cell has ended. */
export interface CellContext {
  request: Request;
  silent: boolean;
  /** For the reply: pages that front ends show beside the output. */
  payload: JsonObject[];
}

/**
 * Routes the output of cells. All of it goes through the I/O thread, so that it arrives in the order in which it was
 * written. Timers, promises, servers and child processes write to the cell that has started them, even if other cells
 * have run since.
 */
export class CellOutput {
  /** The running cell, or the last one that ran. */
  private latestCell: CellContext | undefined;
  /** The cell whose code runs at this moment. */
  private readonly owner: AsyncLocalStorage<CellContext | undefined>;
  private runs = false;

  constructor(private readonly io: KernelIo) {
    disableHookChecks();
    this.owner = new AsyncLocalStorage();
    keepUnseen(this.owner);
  }

  /** Runs code whose output belongs to a cell. */
  async within<T>(cell: CellContext, work: () => Promise<T>): Promise<T> {
    this.latestCell = cell;
    this.runs = true;
    try {
      return await this.owner.run(cell, work);
    } finally {
      if (this.latestCell === cell) this.rest();
    }
  }

  /** Marks that no cell runs. */
  rest(): void {
    this.runs = false;
  }

  /** Runs a handler that a cell has registered; its output goes to that cell. */
  onBehalfOf(cell: CellContext | undefined, work: () => void): void {
    this.owner.run(cell, work);
  }

  private get current(): CellContext | undefined {
    return this.owner.getStore() ?? this.latestCell;
  }

  /** Whether a cell runs, or awaits something. */
  get cellRuns(): boolean {
    return this.runs;
  }

  /** The cell whose code runs at this moment. */
  get cell(): CellContext | undefined {
    return this.current;
  }

  /** Publishes for a cell; by default for the one whose code runs. */
  publish(type: string, content: JsonObject, cell: CellContext | undefined = this.current): void {
    if (cell?.silent !== true) this.io.publish(type, content, cell?.request.header ?? {});
  }

  /** Sends stdout and stderr to the notebook. */
  captureStreams(): void {
    for (const name of ['stdout', 'stderr'] as const) {
      process[name].write = this.streamWriter(name) as typeof process.stdout.write;
    }
  }

  /** Connects the library's progress and tslab's `display` to the notebook. */
  connectDisplays(session: { onTslabDisplay: TslabDisplay }): void {
    setLiveDisplay(this.liveDisplay());
    setFrontEnd(this.frontEnd());
    session.onTslabDisplay = (data, update) => this.showTslabData(data, update);
  }

  /** A line of text from the kernel itself. */
  write(name: 'stdout' | 'stderr', text: string): void {
    this.publish('stream', { name, text });
  }

  private streamWriter(name: 'stdout' | 'stderr') {
    const decoder = new StringDecoder('utf8');
    return (
      chunk: string | Uint8Array,
      encoding?: BufferEncoding | WriteCallback,
      callback?: WriteCallback,
    ): boolean => {
      const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
      if (text !== '') {
        this.io.waitForReaders();
        this.write(name, text);
      }
      const done = typeof encoding === 'function' ? encoding : callback;
      if (done !== undefined) process.nextTick(done);
      return true;
    };
  }

  private liveDisplay(): LiveDisplay {
    return {
      create: (bundle) => {
        this.io.waitForReaders();
        const transient = { display_id: newDisplayId() };
        const content = (data: MimeBundle): JsonObject => ({ data: encodeBundle(data), metadata: {}, transient });
        const cell = this.current;
        this.publish('display_data', content(bundle), cell);
        return { update: (next) => this.publish('update_display_data', content(next), cell) };
      },
    };
  }

  private frontEnd(): FrontEnd {
    return {
      clear: (when) => this.publish('clear_output', { wait: when === 'with-next-output' }),
      page: (bundle) => {
        this.current?.payload.push({ source: 'page', data: encodeBundle(bundle), start: 0 });
      },
      ask: (question) => this.ask(question),
    };
  }

  private ask(question: Question): string {
    const cell = this.current;
    if (cell === undefined || cell.request.content.allow_stdin === false) {
      throw new Error('This front end takes no input while a cell runs (it sent allow_stdin: false)');
    }
    return this.io.ask(question, cell.request);
  }

  private showTslabData({ data, metadata, transient }: TslabDisplayData, update: boolean): void {
    const content = { data, metadata, transient: transient?.display_id === undefined ? {} : transient };
    this.publish(update ? 'update_display_data' : 'display_data', content);
  }
}
