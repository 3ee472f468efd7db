import http from 'node:http';
import { LoopbackServer } from '../helpers/loopback-server';

/** A request that was seen. */
export interface Asked {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Answers a request instead of the server; `false` leaves it to the server. */
export type Instead = (response: http.ServerResponse, asked: Asked) => boolean | undefined;

/** PaddleX's basic serving of one pipeline, written from its documented bodies, with faults that a test chooses. */
export class Serving extends LoopbackServer {
  readonly asked: Asked[] = [];
  /** Once for each prediction, in order. */
  readonly instead: Instead[] = [];
  healthy = true;

  constructor(
    readonly endpoint: string,
    /** `result` of its answers. */
    public result: object,
  ) {
    super(http.createServer());
    this.server.on('request', (request, response) => void this.handle(request, response));
  }

  get url(): string {
    return `http://${this.host}`;
  }

  get last(): Asked {
    return this.asked.at(-1)!;
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { url: path = '', headers } = request;
    const asked: Asked = { path, headers, body: text === '' ? {} : JSON.parse(text) };
    this.asked.push(asked);
    if (path === '/health') {
      const [errorCode, errorMsg] = this.healthy ? [0, 'Healthy'] : [500, 'No model'];
      return json(response, 200, { logId: '1', errorCode, errorMsg });
    }
    if (path === '/openapi.json') return json(response, 200, { paths: { '/health': {}, [this.endpoint]: {} } });
    if (path !== this.endpoint) return json(response, 404, { logId: '1', errorCode: 404, errorMsg: 'Not Found' });
    if (this.instead.shift()?.(response, asked)) return;
    json(response, 200, { logId: '1', errorCode: 0, errorMsg: 'Success', result: this.result });
  }
}

export function json(response: http.ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
