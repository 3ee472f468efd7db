import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { LoopbackServer } from '../helpers/loopback-server';

/** How a server answers a path. */
export type Answer =
  | { readonly html: string }
  | { readonly json: unknown }
  | { readonly bytes: Buffer; readonly stall?: number }
  | { readonly to: string }
  | { readonly status: number };

/** What a test needs to know of a request. */
export interface SeenRequest {
  readonly path: string;
  readonly accept: string;
  readonly authorization: string;
}

/** A package index on the loopback interface whose every answer is chosen by the test. */
export class IndexServer extends LoopbackServer {
  readonly answers = new Map<string, Answer | readonly Answer[]>();
  readonly requests: SeenRequest[] = [];
  /** The header `Authorization` without which everything is refused. */
  login: string | undefined;
  /** Refuses connections that show no certificate. */
  wantsCertificate = false;
  private readonly counts = new Map<string, number>();

  constructor(private readonly tls?: https.ServerOptions) {
    super(tls === undefined ? http.createServer() : https.createServer(tls));
    this.server.on('request', (request, response) => this.answer(request, response));
  }

  get url(): string {
    return `${this.tls === undefined ? 'http' : 'https'}://${this.host}`;
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { accept = '', authorization = '' } = request.headers;
    const path = decodeURIComponent(request.url ?? '');
    this.requests.push({ path, accept, authorization });
    if (this.wantsCertificate && !(request.socket as TLSSocket).authorized) return void response.writeHead(403).end();
    if (this.login !== undefined && authorization !== this.login) return void response.writeHead(401).end();
    const count = this.counts.get(path) ?? 0;
    this.counts.set(path, count + 1);
    const listed = [this.answers.get(path) ?? { status: 404 }].flat() as Answer[];
    send(response, listed[Math.min(count, listed.length - 1)] as Answer);
  }
}

function send(response: http.ServerResponse, answer: Answer): void {
  if ('html' in answer) response.setHeader('content-type', 'text/html; charset=UTF-8').end(answer.html);
  else if ('json' in answer) {
    response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json').end(JSON.stringify(answer.json));
  } else if ('to' in answer) response.writeHead(302, { location: answer.to }).end();
  else if ('status' in answer) response.writeHead(answer.status).end();
  else {
    response.setHeader('content-length', answer.bytes.length);
    if (answer.stall === undefined) response.end(answer.bytes);
    else response.write(answer.bytes.subarray(0, answer.stall));
  }
}

/** Bytes that stand for a wheel; nothing unpacks them. */
export function makeBytes(size = 200_000): { readonly bytes: Buffer; readonly sha256: string } {
  const bytes = randomBytes(size);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
