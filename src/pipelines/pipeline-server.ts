import { readText, shownStart } from '../backends/open-inference/answer';
import { HttpHost } from '../backends/open-inference/http-host';
import { hasLogin, headersFor, type PooledServer } from '../backends/open-inference/model-server';
import { refusal } from '../backends/open-inference/refusal';
import { RemoteError } from '../backends/open-inference/remote-error';
import type { HttpClient, Message } from '../http/http-client';
import { AnswerValues } from './answer-values';

type Fields = Readonly<Record<string, unknown>>;

/** One server of PaddleX's basic serving. */
export class PipelineServer implements PooledServer {
  running = 0;
  restsUntil = 0;
  /** Bytes of the bodies of predictions so far. */
  sentBytes = 0;
  receivedBytes = 0;
  readonly url: string;
  private readonly host: HttpHost;

  /** @param url without the endpoint */
  constructor(
    url: string,
    headers: Readonly<Record<string, string>>,
    private readonly largestAnswer: number,
    client: HttpClient,
  ) {
    const parsed = new URL(url);
    this.url = `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`;
    this.host = new HttpHost(this.url, headersFor(parsed, { headers }), client, '');
  }

  /** @throws RemoteError if it is no such server, or not healthy */
  async checkHealth(signal: AbortSignal): Promise<void> {
    const { errorCode, errorMsg } = await this.ask('/health', { method: 'GET', signal }, 'pipeline');
    if (errorCode === 0) return;
    throw new RemoteError(`${this.url}/health`, `it is not healthy: ${shownMessage(errorCode, errorMsg)}`);
  }

  /** The endpoints that the server describes. */
  async endpoints(signal: AbortSignal): Promise<string[]> {
    const { paths } = await this.ask('/openapi.json', { method: 'GET', signal }, 'description');
    return Object.keys(new AnswerValues(`${this.url}/openapi.json`).object('paths', paths));
  }

  /** @returns `result` of the answer */
  async run(task: string, body: Fields, signal: AbortSignal): Promise<Fields> {
    const path = `/${task}`;
    const url = `${this.url}${path}`;
    const bytes = Buffer.from(JSON.stringify(body), 'utf8');
    const message: Message = {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, signal },
      body: [bytes],
    };
    this.sentBytes += bytes.length;
    const { errorCode, errorMsg, result } = await this.ask(path, message, `pipeline ${task}`, (length) => {
      this.receivedBytes += length;
    });
    if (errorCode !== 0) throw new RemoteError(url, `the pipeline failed: ${shownMessage(errorCode, errorMsg)}`);
    return new AnswerValues(url).object('result', result);
  }

  /** @param onBody called with the bytes of an answer's body */
  private async ask(path: string, message: Message, what: string, onBody?: (length: number) => void): Promise<Fields> {
    const url = `${this.url}${path}`;
    const answer = await this.host.send(path, message);
    if (answer.status !== 200) {
      throw await refusal(url, answer, { model: what, hasLogin: hasLogin(this.host.headers), options: '' });
    }
    const text = await this.host.reading(url, message.signal, () => readText(url, answer, this.largestAnswer, ''));
    onBody?.(Buffer.byteLength(text));
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch (error) {
      const shown = shownStart(Buffer.from(text.slice(0, 100)));
      const advice = "is it a server of PaddleX's basic serving?";
      throw new RemoteError(url, `Expected JSON but the server answered ${shown}; ${advice}`, { cause: error });
    }
    return new AnswerValues(url).object('the answer', document);
  }
}

/** `500, "Internal server error"`. */
function shownMessage(code: unknown, message: unknown): string {
  const text = typeof message === 'string' ? message : JSON.stringify(message ?? null);
  return `${JSON.stringify(code) ?? 'no errorCode'}, "${text.slice(0, 500)}"`;
}
