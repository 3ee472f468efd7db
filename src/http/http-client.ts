import type { Readable } from 'node:stream';
import type * as Undici from 'undici';
import type { Dispatcher, Response } from 'undici';
import { type ConnectionOptions, makeDispatcher } from './dispatcher';
import { downloadFailed } from './download-failed';
import { describeFailure, refusal } from './failures';
import { Exchange, type HttpAnswer } from './http-answer';

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/** A page or document of a server. */
export interface TextAnswer {
  /** After redirects. */
  readonly url: string;
  readonly text: string;
  /** Its media type in lower case, without parameters; empty if the server names none. */
  readonly type: string;
}

/** A request with a body, for a server that answers with more than a file. */
export interface Message extends RequestOptions {
  readonly method: 'GET' | 'POST';
  /** In parts, so that large ones are not copied. */
  readonly body?: readonly Uint8Array[];
}

/** HTTP through proxies, with certificates and logins; errors in plain words. */
export class HttpClient {
  private dispatcher: Dispatcher | undefined;

  constructor(private readonly options: ConnectionOptions) {}

  /**
   * Requests a file; any status of the server is returned.
   *
   * @throws PaddleLabError DOWNLOAD_FAILED if there is no answer, or the proxy's URL is wrong; ABORTED
   */
  async get(url: string, { headers = {}, signal }: RequestOptions): Promise<Response> {
    const { undici, dispatcher } = this.load();
    try {
      return await undici.fetch(url, { dispatcher, headers: { ...headers, 'user-agent': 'paddlelab' }, signal });
    } catch (error) {
      throw describeFailure(url, error, signal);
    }
  }

  /**
   * Sends a message; any status is returned, and redirects are not followed. Errors are Node's and undici's, for
   * `failureOf`: whether a message may be repeated depends on their codes.
   */
  async send(url: string, { method, body, headers = {}, signal }: Message): Promise<HttpAnswer> {
    const { dispatcher } = this.load();
    signal?.throwIfAborted();
    const length = body?.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const announced = length === undefined ? {} : { 'content-length': String(length) };
    const sent = { ...headers, ...announced, 'user-agent': 'paddlelab' };
    const exchange = new Exchange(signal);
    const { origin, pathname, search } = new URL(url);
    dispatcher.dispatch(
      {
        ...{ origin, path: `${pathname}${search}`, method, headers: sent },
        ...(body === undefined ? {} : { body: bodyOf(body) }),
      },
      exchange,
    );
    return exchange.answer;
  }

  /**
   * Requests a page or document.
   *
   * @throws PaddleLabError DOWNLOAD_FAILED, ABORTED
   */
  async text(url: string, options: RequestOptions): Promise<TextAnswer> {
    const response = await this.get(url, options);
    if (!response.ok) throw await refusal(url, response);
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    try {
      return { url: response.url, text: await readText(url, response), type: type.trim().toLowerCase() };
    } catch (error) {
      throw describeFailure(url, error, options.signal);
    }
  }

  /**
   * Requests a JSON document.
   *
   * @throws PaddleLabError DOWNLOAD_FAILED, ABORTED
   */
  async json(url: string, options: RequestOptions): Promise<unknown> {
    const { text } = await this.text(url, options);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw downloadFailed(`${url} is not JSON; is it the right server?`, error);
    }
  }

  private load(): { undici: typeof Undici; dispatcher: Dispatcher } {
    // Loaded here, because most processes use no server.
    const undici = require('undici') as typeof Undici;
    this.dispatcher ??= makeDispatcher(undici, this.options);
    return { undici, dispatcher: this.dispatcher };
  }

  async close(): Promise<void> {
    await this.dispatcher?.destroy();
  }
}

/** Parts that are smaller are sent with the one before: each part waits until that was sent. */
const smallPart = 2 ** 14;

/** One buffer, which undici sends together with the headers, or a list, which its types lack. */
function bodyOf(parts: readonly Uint8Array[]): Readable | Uint8Array {
  const joined: Uint8Array[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last !== undefined && last.length + part.length <= smallPart) joined.splice(-1, 1, Buffer.concat([last, part]));
    else joined.push(part);
  }
  const [only] = joined;
  return joined.length === 1 ? only! : (joined as unknown as Readable);
}

/** Longer than any list of files. */
const longestText = 16e6;

async function readText(url: string, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > longestText) throw downloadFailed(`${url}: more than ${longestText} bytes, which is no list of files`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
