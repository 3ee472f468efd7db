import type { Channel, Connection, JsonObject, Outgoing, Request } from './protocol';

/** What the I/O thread is started with. */
export interface IoThreadData {
  connection: Connection;
  kernelInfo: JsonObject;
  /** Memory shared with the main thread; see `SharedState`. */
  shared: SharedArrayBuffer;
  zeromq: string;
}

export type ToIoThread =
  | { kind: 'send'; channel: Channel; message: Outgoing }
  /** The main thread takes messages from now on. */
  | { kind: 'ready' }
  /** Answered by `fence`, after every request that has arrived by now. */
  | { kind: 'fence' }
  | { kind: 'close' };

export type FromIoThread =
  | { kind: 'shell'; request: Request }
  | { kind: 'stdin'; request: Request }
  | { kind: 'interrupt' }
  | { kind: 'shutdown' }
  | { kind: 'fence' };

/** Counters in shared memory, which tell the I/O thread what the main thread is at when it does not answer. */
export class SharedState {
  private readonly cells: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(12)) {
    this.cells = new Int32Array(buffer);
  }

  /** How often the main thread's event loop has taken a message. */
  get beats(): number {
    return Atomics.load(this.cells, 0);
  }

  beat(): void {
    Atomics.add(this.cells, 0, 1);
  }

  /** Changes whenever code of the user's begins or ends. */
  get turns(): number {
    return Atomics.load(this.cells, 2);
  }

  turn(): void {
    Atomics.add(this.cells, 2, 1);
  }

  /** Whether the compiler is at work, which must not be stopped half-way. */
  get compiling(): boolean {
    return Atomics.load(this.cells, 1) !== 0;
  }

  set compiling(value: boolean) {
    Atomics.store(this.cells, 1, value ? 1 : 0);
  }
}
