import type { MessagePort } from 'node:worker_threads';
import type { Channel, Connection, Header, JsonObject, Outgoing, Request } from './jupyter-protocol';

/** The I/O thread's start parameters. */
export interface IoThreadData {
  connection: Connection;
  kernelInfo: JsonObject;
  /** Memory shared with the main thread; see `SharedState`. */
  shared: SharedArrayBuffer;
  /** The port for answers to questions, which the main thread reads without its event loop. */
  answers: MessagePort;
  zeromq: string;
}

export type ToIoThread =
  /** `size` is the approximate number of bytes that the main thread has counted for it. */
  | { kind: 'send'; channel: Channel; message: Outgoing; size: number }
  /** The main thread waits for an answer on the port. */
  | { kind: 'ask'; message: Outgoing }
  /** The main thread has begun to take messages. */
  | { kind: 'ready' }
  /** Answered by `fence`, after every request that has arrived so far. */
  | { kind: 'fence' }
  /**
   * The log file for later native output; undefined for the process's own streams.
   */
  | { kind: 'follow-log'; file: FollowedFile | undefined }
  /** The cell that later native log lines belong to. */
  | { kind: 'log-cell'; cell: Header | undefined }
  | { kind: 'close' };

/** A growing file, and the position of its new part. */
export interface FollowedFile {
  name: string;
  from: number;
}

export type FromIoThread =
  /** `interrupts` is the number of interrupts when it arrived. */
  | { kind: 'shell'; request: Request; interrupts: number }
  /** `number` is the number of interrupts so far, including this one. */
  | { kind: 'interrupt'; number: number }
  /** Checks that messages are taken; taking it counts as a beat. */
  | { kind: 'ping' }
  /** A cell was terminated: check whether the kernel's own code for it has ended. */
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
const TERMINATED = 8;
const CELLS = 9;

/** Counters in shared memory, which show each thread the other's state when it does not answer. */
export class SharedState {
  private readonly cells: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT)) {
    this.cells = new Int32Array(buffer);
  }

  /** Number of messages that the main thread's event loop has taken. */
  get beats(): number {
    return Atomics.load(this.cells, BEATS);
  }

  beat(): void {
    Atomics.add(this.cells, BEATS, 1);
  }

  /** Changes whenever user code begins or ends. */
  get turns(): number {
    return Atomics.load(this.cells, TURNS);
  }

  turn(): void {
    Atomics.add(this.cells, TURNS, 1);
  }

  /** Whether the compiler runs, which must not be terminated half-way. */
  get compiling(): boolean {
    return Atomics.load(this.cells, COMPILING) !== 0;
  }

  set compiling(value: boolean) {
    Atomics.store(this.cells, COMPILING, value ? 1 : 0);
  }

  /** Number of interrupt requests. */
  get interrupts(): number {
    return Atomics.load(this.cells, INTERRUPTS);
  }

  addInterrupt(): void {
    Atomics.add(this.cells, INTERRUPTS, 1);
    Atomics.notify(this.cells, ANSWERS);
    Atomics.notify(this.cells, WAITING);
  }

  /**
   * Whether a signal is pending that ends the synchronous part of a cell; if it arrives late, it would hit the next
   * cell.
   */
  get signalled(): boolean {
    return Atomics.load(this.cells, SIGNAL) !== 0;
  }

  set signalled(value: boolean) {
    Atomics.store(this.cells, SIGNAL, value ? 1 : 0);
  }

  /** Whether user code was terminated, and the event loop still gets no turn. */
  get starved(): boolean {
    return Atomics.load(this.cells, STARVED) !== 0;
  }

  set starved(value: boolean) {
    Atomics.store(this.cells, STARVED, value ? 1 : 0);
  }

  /** Whether a termination of code was requested from V8, now or earlier. */
  get terminated(): boolean {
    return Atomics.load(this.cells, TERMINATED) !== 0;
  }

  set terminated(value: boolean) {
    Atomics.store(this.cells, TERMINATED, value ? 1 : 0);
  }

  /** Bytes of output that the main thread has written and no socket has accepted yet. */
  get waiting(): number {
    return Atomics.load(this.cells, WAITING);
  }

  addWaiting(bytes: number): void {
    Atomics.add(this.cells, WAITING, bytes);
    if (bytes < 0) Atomics.notify(this.cells, WAITING);
  }

  /** Sleeps until the number of waiting bytes changes, at most for a timeout. */
  waitForSockets(timeoutMs: number): void {
    Atomics.wait(this.cells, WAITING, this.waiting, timeoutMs);
  }

  /** Call it once an answer is on the port. */
  addAnswer(): void {
    Atomics.add(this.cells, ANSWERS, 1);
    Atomics.notify(this.cells, ANSWERS);
  }

  /** Sleeps until there is an answer, at most for a timeout. */
  waitForAnswer(timeoutMs: number): void {
    Atomics.wait(this.cells, ANSWERS, Atomics.load(this.cells, ANSWERS), timeoutMs);
  }
}
