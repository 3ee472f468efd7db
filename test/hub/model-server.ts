import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';

/**
 * The response to one request for a file: `cut` closes the connection after a number of bytes, `stall` stops sending
 * there, `claim` announces another length, `chunked` announces none, `gzip` says that the bytes are compressed.
 */
export type Answer =
  | 'whole'
  | { readonly status: number }
  | { readonly cut: number }
  | { readonly stall: number }
  | { readonly claim: number }
  | 'chunked'
  | 'without etag';

export interface SeenRequest {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
}

/** A server of models with the interfaces of the real ones, and with faults that a test chooses. */
export class ModelServer {
  readonly seen: SeenRequest[] = [];
  /** By path: used one by one; after the last, the file is served whole. */
  readonly answers = new Map<string, Answer[]>();
  readonly files = new Map<string, Buffer>();
  readonly redirects = new Map<string, string>();
  private readonly server = http.createServer((request, response) => this.answer(request, response));
  private readonly waiting: { count: number; done: () => void }[] = [];
  private stalled = 0;

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The requests for a path. */
  requestsFor(file: string): SeenRequest[] {
    return this.seen.filter((request) => request.path === file);
  }

  /** Resolves when a response has stalled. */
  hasStalled(): Promise<void> {
    if (this.stalled > 0) return Promise.resolve();
    return new Promise((done) => this.waiting.push({ count: 1, done }));
  }

  /** The files of a folder as a repository of Hugging Face. */
  serveHuggingFace(name: string, folder: string): void {
    const names = readdirSync(folder);
    const base = `/PaddlePaddle/${name}`;
    this.files.set(`/api/models${base}`, json({ id: `PaddlePaddle/${name}`, sha: 'c0ffee' }));
    const entries = names.map((file) => {
      const bytes = readFileSync(path.join(folder, file));
      this.files.set(`${base}/resolve/c0ffee/${file}`, bytes);
      const large = bytes.length > 100_000 ? { lfs: { oid: sha256(bytes), size: bytes.length } } : {};
      return { type: 'file', path: file, size: bytes.length, oid: 'a git hash', ...large };
    });
    const tree = [...entries, { type: 'file', path: 'README.md', size: 3, oid: 'x' }, { type: 'directory', path: 'd' }];
    this.files.set(`/api/models${base}/tree/c0ffee?recursive=true`, json(tree));
  }

  /** The files of a folder as a repository of ModelScope. */
  serveModelScope(name: string, folder: string): void {
    const api = `/api/v1/models/PaddlePaddle/${name}/repo`;
    const entries = readdirSync(folder).map((file) => {
      const bytes = readFileSync(path.join(folder, file));
      this.files.set(`${api}?Revision=master&FilePath=${file}`, bytes);
      return { Type: 'blob', Path: file, Size: bytes.length, Sha256: sha256(bytes) };
    });
    const listing = { Code: 200, Data: { Files: entries }, Success: true };
    this.files.set(`${api}/files?Revision=master&Recursive=true`, json(listing));
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = request.url ?? '';
    this.seen.push({ path: url, headers: request.headers });
    const redirect = this.redirects.get(url);
    if (redirect !== undefined) return void response.writeHead(302, { location: redirect }).end();
    const bytes = this.files.get(url);
    const answer = this.answers.get(url)?.shift() ?? 'whole';
    if (typeof answer === 'object' && 'status' in answer) return void response.writeHead(answer.status).end();
    if (bytes === undefined) return void response.writeHead(404).end('not here');
    const tag = answer === 'without etag' ? undefined : `"${sha256(bytes).slice(0, 8)}"`;
    const { body, status, headers } = part(bytes, request, tag);
    const claim = typeof answer === 'object' && 'claim' in answer ? answer.claim : body.length;
    const length = answer === 'chunked' ? {} : { 'content-length': claim };
    response.writeHead(status, { ...headers, ...length, ...(tag === undefined ? {} : { etag: tag }) });
    if (typeof answer === 'object' && 'cut' in answer) {
      response.write(body.subarray(0, answer.cut), () => response.destroy());
    } else if (typeof answer === 'object' && 'stall' in answer) {
      response.write(body.subarray(0, answer.stall), () => this.noteStall());
    } else {
      response.end(body);
    }
  }

  private noteStall(): void {
    this.stalled++;
    for (const { done } of this.waiting.splice(0)) done();
  }
}

function part(
  bytes: Buffer,
  request: http.IncomingMessage,
  tag: string | undefined,
): { body: Buffer; status: number; headers: http.OutgoingHttpHeaders } {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]);
  const condition = request.headers['if-range'];
  if (Number.isNaN(start) || (condition !== undefined && condition !== tag))
    return { body: bytes, status: 200, headers: {} };
  const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
  if (start >= bytes.length)
    return { body: Buffer.alloc(0), status: 416, headers: { 'content-range': `bytes */${bytes.length}` } };
  return { body: bytes.subarray(start), status: 206, headers: { 'content-range': range } };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** An HTTP proxy that connects to any server, and notes which. */
export class HttpProxy {
  readonly connected: string[] = [];
  refuses = false;
  private readonly server = http.createServer((_, response) => response.writeHead(405).end());

  async start(): Promise<this> {
    this.server.on('connect', (request, socket: net.Socket, head: Buffer) => {
      if (this.refuses) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      this.connected.push(request.url ?? '');
      const [host, port] = (request.url ?? '').split(':');
      const target = net.connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connected\r\n\r\n');
        target.write(head);
        target.pipe(socket).pipe(target);
      });
      target.on('error', () => socket.destroy());
      socket.on('error', () => target.destroy());
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}
