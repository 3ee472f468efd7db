import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Question } from '../display/live-output';
import { Interrupted } from './interrupted';
import type { Connection, Header, JsonObject, Outgoing, Request } from './jupyter-protocol';
import type { Answer, FollowedFile, FromIoThread, IoThreadData, SharedState, ToIoThread } from './thread-messages';

/** A cell that has more output than this waiting, in bytes, is paused until its readers catch up. */
const MAX_WAITING = 8 * 2 ** 20;
/** Interval at which a waiting thread checks for an interrupt. */
const SLICE_MS = 50;
/** Overhead of a message, in bytes. */
const MESSAGE_OVERHEAD = 400;

/** Optional parts of a message. */
export interface Attached extends Pick<Outgoing, 'metadata' | 'buffers'> {
  /** Approximate size in bytes, if known. */
  size?: number;
}

/** The main thread's side of the I/O thread. */
export class KernelIo {
  private readonly worker: Worker;
  private readonly fences: (() => void)[] = [];
  private readonly answers: MessagePort;

  constructor(
    connection: Connection,
    kernelInfo: JsonObject,
    private readonly state: SharedState,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.answers = port1;
    const data: IoThreadData = {
      answers: port2,
      connection,
      kernelInfo,
      shared: state.buffer,
      zeromq: require.resolve('zeromq'),
    };
    this.worker = new Worker(path.join(__dirname, 'io-worker.js'), { workerData: data, transferList: [port2] });
  }

  /** Starts to take messages; earlier ones were queued. */
  listen(onMessage: (message: FromIoThread) => void): void {
    this.worker.on('message', (message: FromIoThread) => {
      this.state.beat();
      if (message.kind === 'fence') this.fences.shift()?.();
      else onMessage(message);
    });
    this.post({ kind: 'ready' });
  }

  publish(
    type: string,
    content: JsonObject,
    parent: Partial<Header>,
    { metadata, buffers, size }: Attached = {},
  ): void {
    this.send('iopub', { type, identities: [], parent, content, metadata, buffers }, size);
  }

  reply(request: Request, type: string, content: JsonObject): void {
    const message = { type, identities: request.identities, parent: request.header, content };
    this.send('shell', message);
  }

  /** Blocks a cell that writes faster than its readers read, so that the queue stays bounded. */
  waitForReaders(): void {
    const { interrupts } = this.state;
    while (this.state.waiting > MAX_WAITING) {
      this.state.waitForSockets(SLICE_MS);
      if (this.state.interrupts !== interrupts) throw new Interrupted();
    }
  }

  /** Asks the user of the front end that sent the request, and waits for the answer. */
  ask({ text, secret }: Question, { identities, header }: Request): string {
    const { interrupts } = this.state;
    while (receiveMessageOnPort(this.answers) !== undefined); // Drops late answers to cancelled questions.
    const content = { prompt: text, password: secret };
    this.post({ kind: 'ask', message: { type: 'input_request', identities, parent: header, content } });
    for (;;) {
      const answer = receiveMessageOnPort(this.answers) as { message: Answer } | undefined;
      if (answer !== undefined) return answer.message.value;
      this.state.waitForAnswer(SLICE_MS);
      if (this.state.interrupts !== interrupts) throw new Interrupted();
    }
  }

  /** Settles when every request that has reached the I/O thread so far has reached this thread, too. */
  async fence(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.fences.push(resolve);
      this.post({ kind: 'fence' });
    });
  }

  /** Sends lines appended to a file to the current cell; undefined stops that. */
  followLog(file: FollowedFile | undefined): void {
    this.post({ kind: 'follow-log', file });
  }

  setLogCell(cell: Header | undefined): void {
    this.post({ kind: 'log-cell', cell });
  }

  /** Flushes the queue, closes the sockets and ends the thread. */
  async close(): Promise<void> {
    const exited = new Promise((resolve) => this.worker.once('exit', resolve));
    this.post({ kind: 'close' });
    await exited;
  }

  onFailure(callback: (error: unknown) => void): void {
    this.worker.on('error', callback);
  }

  private send(channel: 'iopub' | 'shell', message: Outgoing, size: number = sizeOf(message)): void {
    this.state.addWaiting(size);
    this.post({ kind: 'send', channel, message, size });
  }

  private post(message: ToIoThread): void {
    this.worker.postMessage(message);
  }
}

/** An identifier for an output that can be updated. */
export function newDisplayId(): string {
  return randomUUID();
}

/** Approximate size of a message in bytes; mostly text written by a cell, or displayed data. */
function sizeOf({ content: { text, data } }: Outgoing): number {
  const texts = [text, ...Object.values((data ?? {}) as JsonObject)];
  return texts.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 0), MESSAGE_OVERHEAD);
}
