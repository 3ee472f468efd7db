import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Question } from '../display/live-output';
import { Interrupted } from './interrupted';
import type { Connection, Header, JsonObject, Outgoing, Request } from './jupyter-protocol';
import type { Answer, FollowedFile, FromIoThread, IoThreadData, SharedState, ToIoThread } from './thread-messages';

/** More output than this, in bytes, waits for its readers before a cell may write on. */
const MAX_WAITING = 8 * 2 ** 20;
/** How often a waiting thread looks whether it was interrupted meanwhile. */
const SLICE_MS = 50;
/** What a message takes beside its text. */
const MESSAGE_OVERHEAD = 400;

/** What a message may carry beside its content. */
export interface Attached extends Pick<Outgoing, 'metadata' | 'buffers'> {
  /** About how many bytes it takes, where that is known. */
  size?: number;
}

/** The main thread's end of the I/O thread. */
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

  /** Starts to take messages; those that came before have waited. */
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

  /** Holds a cell that writes faster than its readers read, so that what waits does not grow without end. */
  waitForReaders(): void {
    const { interrupts } = this.state;
    while (this.state.waiting > MAX_WAITING) {
      this.state.waitForSockets(SLICE_MS);
      if (this.state.interrupts !== interrupts) throw new Interrupted();
    }
  }

  /** Asks the person at the front end that sent a request, and waits for the answer. */
  ask({ text, secret }: Question, { identities, header }: Request): string {
    const { interrupts } = this.state;
    while (receiveMessageOnPort(this.answers) !== undefined); // A late answer to a question that was cancelled.
    const content = { prompt: text, password: secret };
    this.post({ kind: 'ask', message: { type: 'input_request', identities, parent: header, content } });
    for (;;) {
      const answer = receiveMessageOnPort(this.answers) as { message: Answer } | undefined;
      if (answer !== undefined) return answer.message.value;
      this.state.waitForAnswer(SLICE_MS);
      if (this.state.interrupts !== interrupts) throw new Interrupted();
    }
  }

  /** Settles when every request that has reached the I/O thread by now is here, too. */
  async fence(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.fences.push(resolve);
      this.post({ kind: 'fence' });
    });
  }

  /** Sends what comes into a file to the cell that it belongs to; undefined for no more. */
  followLog(file: FollowedFile | undefined): void {
    this.post({ kind: 'follow-log', file });
  }

  setLogCell(cell: Header | undefined): void {
    this.post({ kind: 'log-cell', cell });
  }

  /** Sends what waits, closes the sockets and ends the thread. */
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

/** About how many bytes a message takes; most is text that a cell has written, or data that it shows. */
function sizeOf({ content: { text, data } }: Outgoing): number {
  const texts = [text, ...Object.values((data ?? {}) as JsonObject)];
  return texts.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 0), MESSAGE_OVERHEAD);
}
