import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as Zeromq from 'zeromq';
import { writeFileSync } from '../files/fs';
import { address, type Connection, Framing, type JsonObject, type Request } from '../kernel/jupyter-protocol';
import { distFile } from '../package-root';
import { TemporaryFolder } from '../temporary-folder';

/** A message of the kernel's. */
export type KernelMessage = Request;

/** The start command of this package's kernel; `{connection_file}` is replaced by the connection file. */
export const OWN_KERNEL: readonly string[] = [
  process.execPath,
  '--no-force-async-hooks-checks',
  distFile('kernel/main.js'),
  '{connection_file}',
];

export interface KernelClientOptions {
  /** The command of a kernelspec; that of this package by default. */
  argv?: readonly string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** The transport; local sockets by default. */
  connection?: Connection;
  /** Where the kernel's own stderr, its log, goes. */
  stderr?: 'inherit' | 'ignore' | 'pipe';
}

/** How long the first reply and its status may take before the request is sent again. */
const RETRY_MS = 100;
/** Retry interval for sockets that do not exist yet. */
const RECONNECT_MS = 10;

/** How long to wait for the reason of a kernel's death. */
const LAST_WORDS_MS = 3000;

/** The reply to every request to a kernel that has ended. */
const gone = (evalue: string): JsonObject => ({ status: 'error', ename: 'KernelDied', evalue, traceback: [] });

/** The state of one request: it settles with the reply, once the kernel is idle again. */
interface Pending {
  reply?: JsonObject;
  idle: boolean;
  onOutput: (message: KernelMessage) => void;
  settle: (reply: JsonObject) => void;
}

/** A Jupyter client in Node: starts a kernel, sends requests, and receives its output. */
export class KernelClient {
  /** Answers `input_request`s; without it the answer is empty. */
  onInput: (content: JsonObject) => Promise<string> = async () => '';
  /** Receives output of cells that have ended, and output without a request. */
  onLateOutput: (message: KernelMessage) => void = () => {};
  /** Whether a request ends with its reply or only when the kernel is idle; some kernels never report idle. */
  endsWith: 'reply' | 'idle' = 'idle';
  private readonly pending = new Map<string, Pending>();
  private readonly framing: Framing;
  private readonly shell: Zeromq.Dealer;
  private readonly control: Zeromq.Dealer;
  private readonly stdin: Zeromq.Dealer;
  private readonly iopub: Zeromq.Subscriber;
  private closed = false;
  /** Why the kernel no longer answers. */
  private ended: string | undefined;

  private constructor(
    readonly process: ChildProcess,
    readonly connection: Connection,
    private readonly folder: TemporaryFolder,
  ) {
    const zmq: typeof Zeromq = require('zeromq');
    this.framing = new Framing(connection);
    const routingId = randomUUID();
    const options = { linger: 0, reconnectInterval: RECONNECT_MS };
    this.shell = new zmq.Dealer({ ...options, routingId });
    this.stdin = new zmq.Dealer({ ...options, routingId });
    this.control = new zmq.Dealer({ ...options, routingId });
    this.iopub = new zmq.Subscriber({ ...options, receiveHighWaterMark: 0 });
  }

  /** Starts a kernel. It may still be loading when this returns; requests wait until it is ready. */
  static start(options: KernelClientOptions = {}): KernelClient {
    const folder = TemporaryFolder.create('kernel', placeOfSockets());
    const connection = options.connection ?? localConnection(folder.path);
    const file = path.join(folder.path, 'connection.json');
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    const [program = process.execPath, ...args] = (options.argv ?? OWN_KERNEL).map((part) =>
      part === '{connection_file}' ? file : part,
    );
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', options.stderr ?? 'inherit', options.stderr ?? 'inherit'],
      // In its own process group: Ctrl-C on the terminal goes to the client, which requests an interrupt.
      detached: true,
    });
    const client = new KernelClient(child, connection, folder);
    client.connect();
    return client;
  }

  /** Settles when the kernel answers and its output arrives here; earlier output may have been missed. */
  async ready(): Promise<JsonObject> {
    for (;;) {
      const reply = this.request('kernel_info_request', {});
      const [first] = await Promise.race([reply.then((content) => [content]), sleep(RETRY_MS, [undefined])]);
      if (first !== undefined) return first;
    }
  }

  /** Sends a request; settles with the content of its reply, after all its output was passed to `onOutput`. */
  request(
    type: string,
    content: JsonObject,
    onOutput: (message: KernelMessage) => void = () => {},
  ): Promise<JsonObject> {
    const channel = type === 'interrupt_request' || type === 'shutdown_request' ? this.control : this.shell;
    const frames = this.framing.encode({ type, identities: [], parent: {}, content });
    const id: string = JSON.parse(String(frames[2])).msg_id;
    if (this.ended !== undefined) return Promise.resolve(gone(this.ended));
    return new Promise((resolve, reject) => {
      this.pending.set(id, { idle: false, onOutput, settle: resolve });
      channel.send(frames).catch(reject);
    });
  }

  /** Runs a cell. */
  execute(code: string, onOutput?: (message: KernelMessage) => void, settings: JsonObject = {}): Promise<JsonObject> {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true };
    return this.request('execute_request', { ...content, stop_on_error: true, ...settings }, onOutput);
  }

  /** Shuts the kernel down and frees everything created for it. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const { pid, exitCode, signalCode } = this.process;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      const exited = once(this.process, 'exit');
      void this.request('shutdown_request', { restart: false }).catch(() => {});
      const timer = setTimeout(() => this.process.kill('SIGKILL'), 3000);
      await exited;
      clearTimeout(timer);
    }
    for (const socket of [this.shell, this.control, this.stdin, this.iopub]) socket.close();
    this.folder.releaseSync();
  }

  private connect(): void {
    this.shell.connect(address(this.connection, 'shell'));
    this.control.connect(address(this.connection, 'control'));
    this.stdin.connect(address(this.connection, 'stdin'));
    this.iopub.connect(address(this.connection, 'iopub'));
    this.iopub.subscribe();
    void this.listen(this.iopub, (message) => this.onOutput(message));
    void this.listen(this.shell, (message) => this.onReply(message));
    void this.listen(this.control, (message) => this.onReply(message));
    void this.listen(this.stdin, (message) => void this.answer(message));
    this.process.once('error', (error) => this.end(`The kernel can't be started: ${error.message}`, 0));
    // The message with the reason may still be on its way.
    this.process.once('exit', (code, signal) => {
      this.end(`The kernel has ended (${signal ?? `exit code ${code}`})`, this.closed ? 0 : LAST_WORDS_MS);
    });
  }

  private end(reason: string, waitMs: number): void {
    this.ended = reason;
    setTimeout(() => {
      for (const entry of this.pending.values()) entry.settle(gone(reason));
      this.pending.clear();
    }, waitMs);
  }

  private async listen(socket: AsyncIterable<Buffer[]>, onMessage: (message: KernelMessage) => void): Promise<void> {
    for await (const frames of socket) {
      const message = this.framing.decode(frames);
      if (message !== undefined) onMessage(message);
    }
  }

  private onReply(message: KernelMessage): void {
    const entry = this.pending.get(message.parent.msg_id ?? '');
    if (entry === undefined) return;
    entry.reply = message.content;
    this.settle(message.parent.msg_id ?? '', entry);
  }

  private onOutput(message: KernelMessage): void {
    const id = message.parent.msg_id ?? '';
    const entry = this.pending.get(id);
    if (entry === undefined) {
      this.onLateOutput(message);
      return;
    }
    if (message.header.msg_type !== 'status') {
      entry.onOutput(message);
      return;
    }
    entry.idle = message.content.execution_state === 'idle';
    if (entry.idle && this.ended !== undefined) entry.reply = gone(this.ended);
    this.settle(id, entry);
  }

  private settle(id: string, entry: Pending): void {
    if (entry.reply === undefined || (this.endsWith === 'idle' && !entry.idle)) return;
    this.pending.delete(id);
    entry.settle(entry.reply);
  }

  private async answer(message: KernelMessage): Promise<void> {
    if (message.header.msg_type !== 'input_request') return;
    const value = await this.onInput(message.content);
    await this.stdin.send(
      this.framing.encode({ type: 'input_reply', identities: [], parent: message.header, content: { value } }),
    );
  }
}

/** Linux's limit for the path of a socket. */
const LONGEST_SOCKET_PATH = 107;
/** Of the folder's own name with the largest numbers, and of the sockets in it. */
const LONGEST_NAME = 58;

/** The temp folder, unless paths below it are too long for sockets: those of clusters may be. */
function placeOfSockets(): string {
  return tmpdir().length + LONGEST_NAME <= LONGEST_SOCKET_PATH ? tmpdir() : '/tmp';
}

function localConnection(folder: string): Connection {
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  return { transport: 'ipc', ip: path.join(folder, 's'), key: randomUUID(), signature_scheme: 'hmac-sha256', ...ports };
}
