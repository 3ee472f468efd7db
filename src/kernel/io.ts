import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Connection, Header, JsonObject, Request } from './protocol';
import type { FromIoThread, IoThreadData, SharedState, ToIoThread } from './thread-messages';

/** The main thread's end of the I/O thread. */
export class KernelIo {
  private readonly worker: Worker;
  private readonly fences: (() => void)[] = [];

  constructor(
    connection: Connection,
    kernelInfo: JsonObject,
    private readonly state: SharedState,
  ) {
    const data: IoThreadData = {
      connection,
      kernelInfo,
      shared: state.buffer,
      zeromq: require.resolve('zeromq'),
    };
    this.worker = new Worker(path.join(__dirname, 'io-worker.js'), { workerData: data });
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

  publish(type: string, content: JsonObject, parent: Partial<Header>, metadata?: JsonObject): void {
    this.post({ kind: 'send', channel: 'iopub', message: { type, identities: [], parent, content, metadata } });
  }

  reply(request: Request, type: string, content: JsonObject): void {
    const message = { type, identities: request.identities, parent: request.header, content };
    this.post({ kind: 'send', channel: 'shell', message });
  }

  /** Settles when every request that has reached the I/O thread by now is here, too. */
  async fence(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.fences.push(resolve);
      this.post({ kind: 'fence' });
    });
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

  private post(message: ToIoThread): void {
    this.worker.postMessage(message);
  }
}

/** An identifier for an output that can be updated. */
export function newDisplayId(): string {
  return randomUUID();
}
