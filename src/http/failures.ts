import type { Response } from 'undici';
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

/** The error for a status that is not a success; reads no more than the status. */
export async function refusal(url: string, response: Response): Promise<StatusError> {
  await response.body?.cancel().catch(() => undefined);
  const { status } = response;
  return new StatusError(status, `${url}: the server answered ${status}${meaningOf(status)}`);
}

function meaningOf(status: number): string {
  if (status === 401 || status === 403) return ' (access refused: it needs a login or token, or it does not have this)';
  if (status === 404 || status === 410) return ' (it does not have this file)';
  if (status === 429) return ' (too many requests; try again later)';
  return status >= 500 ? ' (the server has a problem; try again later)' : '';
}

function meaningOfProxy(status: string): string {
  return status === '407' ? ' (it needs a login, as in http://user:password@host:port)' : '';
}

const unknownHost = 'the name of the server was not found (no network, or it needs a proxy: HTTPS_PROXY)';

/** The reason for each code of a failed connection. */
const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
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
  return downloadFailed(`${url}: ${failureOf(error).reason}`, error);
}

/** A failed request in plain words, with the code of Node or undici; the code is empty if there is none. */
export function failureOf(error: unknown): { readonly code: string; readonly reason: string } {
  const { code, text } = rootOf(error);
  const proxy = /Proxy response \((\d+)\)/.exec(text)?.[1];
  if (proxy !== undefined) return { code, reason: `the proxy answered ${proxy}${meaningOfProxy(proxy)}` };
  const hint = isCertificate(code) ? ' (a proxy with its own certificates? name them in NODE_EXTRA_CA_CERTS)' : '';
  return { code, reason: reasons[code] ?? `${text}${hint}` };
}

/** Whether the code of a failure is about certificates or encryption. */
export function isCertificate(code: string): boolean {
  return /CERT|SSL|TLS|SELF_SIGNED/.test(code);
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
