import { StringDecoder } from 'node:string_decoder';
import type { MimeBundle } from '../notebook/display';
import { type LiveDisplay, setLiveDisplay } from '../notebook/live';
import { type KernelIo, newDisplayId } from './io';
import { encodeBundle } from './mime';
import type { Header, JsonObject } from './protocol';
import type { TslabDisplayData, TslabModules } from './tslab/internals';

type WriteCallback = (error?: Error | null) => void;

/**
 * Where the output of cells goes. Everything takes the same way through the I/O thread, so that it arrives in the
 * order in which it was written. What is written after a cell has ended still goes to that cell.
 */
export class CellOutput {
  private parent: Partial<Header> = {};
  private muted = false;
  private notice = '';

  constructor(private readonly io: KernelIo) {}

  /** From now on, output belongs to the cell of this request. */
  begin(parent: Header, silent: boolean): void {
    this.parent = parent;
    this.muted = silent;
    if (!silent && this.notice !== '') {
      this.publish('stream', { name: 'stderr', text: this.notice });
      this.notice = '';
    }
  }

  /** Shows a text with the first cell that runs: before that, there is no place in the notebook for it. */
  announce(text: string): void {
    this.notice = text;
  }

  publish(type: string, content: JsonObject): void {
    if (!this.muted) this.io.publish(type, content, this.parent);
  }

  /** Sends what is written to stdout and stderr to the notebook. */
  captureStreams(): void {
    for (const name of ['stdout', 'stderr'] as const) {
      process[name].write = this.streamWriter(name) as typeof process.stdout.write;
    }
  }

  /** Makes progress of our library and `display` of tslab show themselves in the notebook. */
  connectDisplays(tslab: TslabModules): void {
    setLiveDisplay(this.liveDisplay());
    tslab.jupyter.lastWriteDisplayData = (data, update) => this.showTslabData(data, update);
  }

  private streamWriter(name: 'stdout' | 'stderr') {
    const decoder = new StringDecoder('utf8');
    return (
      chunk: string | Uint8Array,
      encoding?: BufferEncoding | WriteCallback,
      callback?: WriteCallback,
    ): boolean => {
      const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
      if (text !== '') this.publish('stream', { name, text });
      const done = typeof encoding === 'function' ? encoding : callback;
      if (done !== undefined) process.nextTick(done);
      return true;
    };
  }

  private liveDisplay(): LiveDisplay {
    return {
      create: (bundle) => {
        const transient = { display_id: newDisplayId() };
        const content = (data: MimeBundle): JsonObject => ({ data: encodeBundle(data), metadata: {}, transient });
        this.publish('display_data', content(bundle));
        return { update: (next) => this.publish('update_display_data', content(next)) };
      },
    };
  }

  private showTslabData({ data, metadata, transient }: TslabDisplayData, update: boolean): void {
    const content = { data, metadata, transient: transient?.display_id === undefined ? {} : transient };
    this.publish(update ? 'update_display_data' : 'display_data', content);
  }
}
