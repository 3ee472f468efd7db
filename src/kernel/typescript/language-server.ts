import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PaddleLabError } from '../../errors';
import { encodeMessage, type Message, MessageReader } from './messages';

const INITIALIZE = 'initialize';
/** How often a request is sent again after the server has ended while it worked on it. */
const MOST_ATTEMPTS = 2;

interface Waiting {
  method: string;
  params: unknown;
  attempts: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface OpenDocument {
  language: 'typescript' | 'plaintext';
  version: number;
  text: string;
}

/** A change of a file on disk, numbered as in the protocol. */
export interface FileChange {
  file: string;
  type: 1 | 2 | 3;
}

/**
 * TypeScript's language server, in a process of its own. If it ends, another one is started with the same open
 * documents, and the requests without an answer are sent again.
 */
export class LanguageServer {
  private server: ChildProcessWithoutNullStreams | undefined;
  /** Messages that are held until the server is initialized. */
  private held: Message[] | undefined;
  private lastId = 0;
  private readonly waiting = new Map<number, Waiting>();
  private readonly documents = new Map<string, OpenDocument>();
  private closed = false;

  /**
   * @param folder the notebook's folder
   * @param configuration what the server gets for each question about its settings
   */
  constructor(
    private readonly folder: string,
    private readonly configuration: Readonly<Record<string, unknown>>,
    private readonly program: () => string = serverProgram,
  ) {}

  start(): void {
    const program = this.findProgram();
    if (program === undefined) return;
    // A group of its own: signals for the programs that cells have started must not end it.
    const server = spawn(program, ['--lsp', '--stdio'], { cwd: this.folder, stdio: 'pipe', detached: true });
    this.server = server;
    const reader = new MessageReader();
    server.stdout.on('data', (data: Buffer) => {
      for (const message of reader.read(data)) this.take(message);
    });
    server.stderr.resume();
    for (const stream of [server.stdin, server.stdout, server.stderr]) stream.on('error', () => undefined);
    server.once('error', (error) => this.end(server, error));
    server.once('exit', () => this.end(server, undefined));
    server.unref();
    this.holdProcess();
    this.held = undefined;
    this.initialize();
    for (const [file, document] of this.documents) this.sendOpen(file, document);
  }

  /** Opens a document, or replaces its text; it takes the place of a file on disk. */
  write(file: string, text: string, language: OpenDocument['language'] = 'typescript'): void {
    const known = this.documents.get(file);
    if (known?.text === text) return;
    const document = { language, version: (known?.version ?? 0) + 1, text };
    this.documents.set(file, document);
    if (known === undefined) this.sendOpen(file, document);
    else {
      const textDocument = { uri: uriOf(file), version: document.version };
      this.notify('textDocument/didChange', { textDocument, contentChanges: [{ text }] });
    }
  }

  filesChanged(changes: readonly FileChange[]): void {
    if (changes.length === 0) return;
    const events = changes.map(({ file, type }) => ({ uri: uriOf(file), type }));
    this.notify('workspace/didChangeWatchedFiles', { changes: events });
  }

  /** @throws PaddleLabError TOOL_FAILED if the server refuses the request, or ends again and again */
  request<Result>(method: string, params: unknown): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.lastId += 1;
      const waiting: Waiting = { method, params, attempts: 1, resolve: resolve as Waiting['resolve'], reject };
      this.waiting.set(this.lastId, waiting);
      // One that could not be started gets another chance.
      if (this.server === undefined && !this.closed) this.start();
      this.holdProcess();
      this.send({ id: this.lastId, method, params });
    });
  }

  /** Gives up the requests without an answer. A server that still works on one is replaced, for it can't be stopped. */
  abandon(reason: unknown): void {
    if (!this.isBusy) return;
    for (const { reject } of this.waiting.values()) reject(reason);
    this.waiting.clear();
    const busy = this.server;
    this.start();
    busy?.kill('SIGKILL');
  }

  close(): void {
    this.closed = true;
    this.server?.kill();
  }

  uriOf(file: string): string {
    return uriOf(file);
  }

  get pid(): number | undefined {
    return this.server?.pid;
  }

  /** Whether a request has no answer yet. */
  get isBusy(): boolean {
    return this.waiting.size > 0;
  }

  /** Rejects what waits for the server if there is no program for it. */
  private findProgram(): string | undefined {
    try {
      return this.program();
    } catch (error) {
      const advice = 'install the package again with its optional dependencies, or use %typescript tslab';
      const reason = failed(
        `TypeScript's program for ${process.platform}-${process.arch} is missing: ${advice}`,
        error,
      );
      for (const { reject } of this.waiting.values()) reject(reason);
      this.waiting.clear();
      return undefined;
    }
  }

  private initialize(): void {
    const textDocument = {
      diagnostic: { tagSupport: { valueSet: [1, 2] } },
      hover: { contentFormat: ['markdown'] },
      completion: { completionItem: { labelDetailsSupport: true } },
      signatureHelp: { signatureInformation: { documentationFormat: ['plaintext'] } },
    };
    const params = {
      processId: process.pid,
      rootUri: null,
      capabilities: { textDocument, workspace: { configuration: true } },
      initializationOptions: { disablePushDiagnostics: true },
    };
    this.send({ id: INITIALIZE, method: 'initialize', params });
    this.held = [];
    this.notify('initialized', {});
  }

  private initialized(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const message of held) this.send(message);
  }

  private sendOpen(file: string, { language, version, text }: OpenDocument): void {
    // The server reads JSX only in a language of this name.
    const languageId = file.endsWith('.tsx') ? 'typescriptreact' : language;
    this.notify('textDocument/didOpen', { textDocument: { uri: uriOf(file), languageId, version, text } });
  }

  private notify(method: string, params: unknown): void {
    this.send({ method, params });
  }

  private send(message: Message): void {
    if (this.held !== undefined) {
      this.held.push(message);
      return;
    }
    this.server?.stdin.write(encodeMessage(message));
  }

  private take({ id, method, params, result, error }: Message): void {
    if (method !== undefined) {
      if (id !== undefined) this.send({ id, result: this.answer(method, params) });
      return;
    }
    if (id === INITIALIZE) this.initialized();
    const waiting = typeof id === 'number' ? this.waiting.get(id) : undefined;
    if (waiting === undefined || typeof id !== 'number') return;
    this.waiting.delete(id);
    this.holdProcess();
    if (error === undefined) waiting.resolve(result);
    else waiting.reject(failed(`TypeScript's server refuses ${waiting.method}: ${error.message}`));
  }

  /** The server's own questions. */
  private answer(method: string, params: unknown): unknown {
    if (method !== 'workspace/configuration') return null;
    return (params as { items: unknown[] }).items.map(() => this.configuration);
  }

  /** Lets this process end, unless it waits for an answer. The server ends with its input. */
  private holdProcess(): void {
    for (const stream of [this.server?.stdin, this.server?.stdout, this.server?.stderr]) {
      const socket = stream as Partial<Socket> | undefined;
      if (this.isBusy && stream === this.server?.stdout) socket?.ref?.();
      else socket?.unref?.();
    }
  }

  private end(server: ChildProcessWithoutNullStreams, error: Error | undefined): void {
    if (this.server !== server || this.closed) return;
    this.server = undefined;
    for (const [id, waiting] of this.waiting) {
      if (error === undefined && waiting.attempts < MOST_ATTEMPTS) continue;
      this.waiting.delete(id);
      const reason = error === undefined ? 'has ended again while it worked on' : `can't be started for`;
      waiting.reject(failed(`TypeScript's server ${reason} ${waiting.method}`, error));
    }
    if (error !== undefined) return;
    this.start();
    for (const [id, waiting] of this.waiting) {
      waiting.attempts += 1;
      this.send({ id, method: waiting.method, params: waiting.params });
    }
  }
}

function failed(message: string, cause?: unknown): PaddleLabError {
  return new PaddleLabError('TOOL_FAILED', message, { cause });
}

function uriOf(file: string): string {
  return pathToFileURL(file).href;
}

/** The program in the package of this platform, which the package `typescript` depends on. */
export function serverProgram(): string {
  const own = require.resolve('typescript-7/package.json');
  const platform = `@typescript/typescript-${process.platform}-${process.arch}`;
  const folder = path.dirname(createRequire(own).resolve(`${platform}/package.json`));
  return path.join(folder, 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc');
}
