import type { MessagePort } from 'node:worker_threads';
import type { Channel, Connection, Header, JsonObject, Outgoing, Request } from './jupyter-protocol';

/** What the I/O thread is started with. */
export interface IoThreadData {
  connection: Connection;
  kernelInfo: JsonObject;
  /** Memory shared with the main thread; see `SharedState`. */
  shared: SharedArrayBuffer;
  /** Where answers to questions go, which the main thread takes without its event loop. */
  answers: MessagePort;
  zeromq: string;
}

export type ToIoThread =
  /** `size` is what the main thread has counted for it, about the bytes of it. */
  | { kind: 'send'; channel: Channel; message: Outgoing; size: number }
  /** The main thread waits for an answer on the port. */
  | { kind: 'ask'; message: Outgoing }
  /** The main thread takes messages from now on. */
  | { kind: 'ready' }
  /** Answered by `fence`, after every request that has arrived by now. */
  | { kind: 'fence' }
  /** Native log lines come into this file from now on; undefined when they go where the process's streams go. */
  | { kind: 'follow-log'; file: FollowedFile | undefined }
  /** The cell that native log lines belong to from now on. */
  | { kind: 'log-cell'; cell: Header | undefined }
  | { kind: 'close' };

/** A file that grows, and where what is new in it begins. */
export interface FollowedFile {
  name: string;
  from: number;
}

export type FromIoThread =
  /** `interrupts` is how many had been asked for when it arrived. */
  | { kind: 'shell'; request: Request; interrupts: number }
  /** `number` is how many had been asked for, with this one. */
  | { kind: 'interrupt'; number: number }
  /** Whether messages are taken, which counts as a beat. */
  | { kind: 'ping' }
  /** A cell was ended by force: look whether the kernel's own code for it has come to its end. */
  | { kind: 'recover' }
  | { kind: 'shutdown' }
  | { kind: 'fence' };

/** The answer to a question. */
export interface Answer {
  value: string;
}

const BEATS = 0;
const COMPILING = 1;
const TURNS = 2;
const WAITING = 3;
const ANSWERS = 4;
const INTERRUPTS = 5;
const SIGNAL = 6;
const STARVED = 7;
const CELLS = 8;

/** Counters in shared memory, which tell each thread what the other one is at when it does not answer. */
export class SharedState {
  private readonly cells: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT)) {
    this.cells = new Int32Array(buffer);
  }

  /** How often the main thread's event loop has taken a message. */
  get beats(): number {
    return Atomics.load(this.cells, BEATS);
  }

  beat(): void {
    Atomics.add(this.cells, BEATS, 1);
  }

  /** Changes whenever code of the user's begins or ends. */
  get turns(): number {
    return Atomics.load(this.cells, TURNS);
  }

  turn(): void {
    Atomics.add(this.cells, TURNS, 1);
  }

  /** Whether the compiler is at work, which must not be stopped half-way. */
  get compiling(): boolean {
    return Atomics.load(this.cells, COMPILING) !== 0;
  }

  set compiling(value: boolean) {
    Atomics.store(this.cells, COMPILING, value ? 1 : 0);
  }

  /** How often an interrupt was asked for. */
  get interrupts(): number {
    return Atomics.load(this.cells, INTERRUPTS);
  }

  addInterrupt(): void {
    Atomics.add(this.cells, INTERRUPTS, 1);
    Atomics.notify(this.cells, ANSWERS);
    Atomics.notify(this.cells, WAITING);
  }

  /** Whether a signal is on its way that ends the synchronous part of a cell: of the next one, if it comes too late. */
  get signalled(): boolean {
    return Atomics.load(this.cells, SIGNAL) !== 0;
  }

  set signalled(value: boolean) {
    Atomics.store(this.cells, SIGNAL, value ? 1 : 0);
  }

  /** Whether code of the user's was ended by force and the event loop gets no turn all the same. */
  get starved(): boolean {
    return Atomics.load(this.cells, STARVED) !== 0;
  }

  set starved(value: boolean) {
    Atomics.store(this.cells, STARVED, value ? 1 : 0);
  }

  /** Bytes of output that the main thread has written and no socket has taken yet. */
  get waiting(): number {
    return Atomics.load(this.cells, WAITING);
  }

  addWaiting(bytes: number): void {
    Atomics.add(this.cells, WAITING, bytes);
    if (bytes < 0) Atomics.notify(this.cells, WAITING);
  }

  /** Sleeps until the number of waiting bytes changes, for a while at most. */
  waitForSockets(patienceMs: number): void {
    Atomics.wait(this.cells, WAITING, this.waiting, patienceMs);
  }

  /** To be called when an answer lies on the port. */
  addAnswer(): void {
    Atomics.add(this.cells, ANSWERS, 1);
    Atomics.notify(this.cells, ANSWERS);
  }

  /** Sleeps until there is one, for a while at most. */
  waitForAnswer(patienceMs: number): void {
    Atomics.wait(this.cells, ANSWERS, Atomics.load(this.cells, ANSWERS), patienceMs);
  }
}
