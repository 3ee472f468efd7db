import type { HttpAnswer } from '../../http/http-answer';
import { readText } from './answer';
import { RemoteError } from './remote-error';

/** What a request was about, for the text of its refusal. */
export interface Asked {
  /** The model, with its version. */
  readonly model: string;
  /** Whether a token or login was sent. */
  readonly hasLogin: boolean;
  /** Whether tensors were sent as bytes. */
  readonly binary?: boolean;
  /** Whether it was about shared memory, not the model. */
  readonly isRegion?: boolean;
  /** What the names of options begin with; `backend.` by default. */
  readonly options?: string;
}

/** More of an error's text is not read. */
const longestText = 65_536;

/** The error for a status that is not 200. */
export async function refusal(url: string, answer: HttpAnswer, asked: Asked): Promise<RemoteError> {
  const { status, headers } = answer;
  const text = await readText(url, answer, longestText).catch(() => '');
  const said = saidOf(text);
  const reason = `the server answered ${status}${said === '' ? '' : `, "${said}"`}; ${adviceOf(status, headers, asked)}`;
  if (status === 404 && !asked.isRegion) return new RemoteError(url, reason, { code: 'MODEL_NOT_FOUND' });
  // The server, or the proxy before it, says that nothing was computed.
  const mayRepeat = status === 429 || status === 502 || status === 503;
  const waitMs = waitOf(headers['retry-after']);
  return new RemoteError(url, reason, { mayRepeat, ...(waitMs === undefined ? {} : { waitMs }) });
}

/** For servers that can't use shared memory of this process. */
export const sharedMemoryAdvice =
  'it must run on this machine as the same user, see the same /dev/shm, and take shared memory (paddlelab serve: ' +
  '--shared-memory; Triton: --allow-client-shm=true); else leave out backend.sharedMemory';

/** The server's own words: in JSON under a name that differs between servers, or as plain text. */
function saidOf(text: string): string {
  let said: unknown = text;
  try {
    const { error, detail, message, errorMsg } = JSON.parse(text) as Record<string, unknown>;
    said = error ?? detail ?? message ?? errorMsg ?? text;
  } catch {}
  const plain = (typeof said === 'string' ? said : JSON.stringify(said)).trim();
  return plain.length > 500 ? `${plain.slice(0, 497)}...` : plain;
}

function adviceOf(
  status: number,
  headers: HttpAnswer['headers'],
  { model, hasLogin, binary, isRegion, options = 'backend.' }: Asked,
): string {
  if (status >= 300 && status < 400)
    return `redirects are not followed; give the URL of the server itself: ${headers.location}`;
  if (isRegion && ![401, 403, 429, 503].includes(status)) return sharedMemoryAdvice;
  switch (status) {
    case 400:
      return 'it does not accept the request: check model, names, shapes and data types';
    case 401:
    case 403:
      return hasLogin
        ? `it does not accept this login; check ${options}token and ${options}headers`
        : `it wants a login; give ${options}token or ${options}headers`;
    case 404:
      return `it has no ${model} at this URL; ${options === '' ? 'check the URL' : 'check backend.url, backend.model and backend.version'}`;
    case 413:
      return 'the tensors are larger than it accepts; send smaller batches, or raise its limit';
    case 429:
    case 503:
      return 'it is busy or not ready; try again later';
    case 502:
    case 504:
      return 'a proxy got no answer from the server behind it; try again later';
    default:
      return binary
        ? 'it failed; see its log. If it takes tensors in JSON only, set backend.binary to false'
        : 'it failed; see its log';
  }
}

/** `Retry-After` in seconds; as a date it is not read. */
function waitOf(text: string | string[] | undefined): number | undefined {
  return typeof text === 'string' && /^\d{1,6}$/.test(text) ? 1000 * Number(text) : undefined;
}
