import type * as Undici from 'undici';
import type { Dispatcher, Response } from 'undici';
import { messageOf, PaddleLabError } from '../errors';
import { abortError } from '../validate';
import { downloadFailed } from './download-failed';

/** An answer that is not the file. */
export class StatusError extends PaddleLabError {
  constructor(
    readonly status: number,
    reason: string,
  ) {
    super('DOWNLOAD_FAILED', reason);
  }
}

export interface HttpOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Longest wait for a connection, an answer or its next bytes. */
  readonly timeoutMs: number;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/** HTTP with the proxies of the environment; errors in plain words. */
export class HttpClient {
  private dispatcher: Dispatcher | undefined;

  constructor(private readonly options: HttpOptions) {}

  /**
   * Requests a file; any status of the server is returned.
   *
   * @throws PaddleLabError DOWNLOAD_FAILED if there is no answer, or the proxy's URL is wrong; ABORTED
   */
  async get(url: string, { headers = {}, signal }: RequestOptions): Promise<Response> {
    // Loaded here, because most processes download nothing.
    const undici = require('undici') as typeof Undici;
    this.dispatcher ??= makeDispatcher(undici, this.options);
    const { dispatcher } = this;
    try {
      return await undici.fetch(url, { dispatcher, headers: { ...headers, 'user-agent': 'paddlelab' }, signal });
    } catch (error) {
      throw describeFailure(url, error, signal);
    }
  }

  /**
   * Requests a JSON document.
   *
   * @throws PaddleLabError DOWNLOAD_FAILED, ABORTED
   */
  async json(url: string, options: RequestOptions): Promise<unknown> {
    const response = await this.get(url, options);
    if (!response.ok) throw await refusal(url, response);
    try {
      return JSON.parse(await readText(url, response));
    } catch (error) {
      if (error instanceof SyntaxError) throw downloadFailed(`${url} is not JSON; is it the right server?`, error);
      throw describeFailure(url, error, options.signal);
    }
  }

  async close(): Promise<void> {
    await this.dispatcher?.destroy();
  }
}

/** undici warns on standard error that its proxy support may change; the version is fixed by this package. */
function makeDispatcher({ EnvHttpProxyAgent }: typeof Undici, { environment, timeoutMs }: HttpOptions): Dispatcher {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return new EnvHttpProxyAgent({
      // An empty text stands for "none"; undefined would be read from the variables of this process.
      httpProxy: environment.http_proxy ?? environment.HTTP_PROXY ?? '',
      httpsProxy: environment.https_proxy ?? environment.HTTPS_PROXY ?? '',
      noProxy: environment.no_proxy ?? environment.NO_PROXY ?? '',
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  } catch (error) {
    throw downloadFailed(`HTTP_PROXY or HTTPS_PROXY is not the URL of a proxy: ${messageOf(error)}`, error);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Longer than any list of a model's files. */
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

/** The error for a status that is not a success; reads no more than the status. */
export async function refusal(url: string, response: Response): Promise<StatusError> {
  await response.body?.cancel().catch(() => undefined);
  const { status } = response;
  return new StatusError(status, `${url}: the server answered ${status}${meaningOf(status)}`);
}

function meaningOf(status: number): string {
  if (status === 401 || status === 403) return ' (access refused: it needs a token, or there is no such model)';
  if (status === 404 || status === 410) return ' (it does not have this file)';
  if (status === 429) return ' (too many requests; try again later)';
  return status >= 500 ? ' (the server has a problem; try again later)' : '';
}

function meaningOfProxy(status: string): string {
  return status === '407' ? ' (it needs a login, as in http://user:password@host:port)' : '';
}

/** The reason for each code of a failed connection. */
const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name of the server was not found (no network, or it needs a proxy: HTTPS_PROXY)',
  EAI_AGAIN: 'the name of the server was not found (no network, or it needs a proxy: HTTPS_PROXY)',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENETUNREACH: 'the network is unreachable',
  EHOSTUNREACH: 'the server is unreachable',
  ETIMEDOUT: 'the server did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'the server did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'the server did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'the server stopped sending',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the server sent another number of bytes than it had announced',
};

/** A failed request as an error of this package. */
export function describeFailure(url: string, error: unknown, signal: AbortSignal | undefined): PaddleLabError {
  if (signal?.aborted) return abortError(signal);
  if (error instanceof PaddleLabError) return error;
  const { code, text } = rootOf(error);
  const proxy = /Proxy response \((\d+)\)/.exec(text)?.[1];
  if (proxy !== undefined) return downloadFailed(`${url}: the proxy answered ${proxy}${meaningOfProxy(proxy)}`, error);
  const certificate = /CERT|SSL|TLS|SELF_SIGNED/.test(code);
  const hint = certificate ? ' (a proxy with its own certificates? name them in NODE_EXTRA_CA_CERTS)' : '';
  return downloadFailed(`${url}: ${reasons[code] ?? `${text}${hint}`}`, error);
}

/** `fetch failed` says nothing; the reason is in its causes. */
function rootOf(error: unknown): { code: string; text: string } {
  let code = '';
  let text = messageOf(error);
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const found = (cause as NodeJS.ErrnoException).code;
    if (typeof found === 'string') code = found;
    if (cause.message !== '') text = cause.message;
  }
  return { code, text };
}
