import type { ServiceError } from '@grpc/grpc-js';
import { failureOf } from '../../../http/failures';
import { sharedMemoryAdvice } from '../refusal';
import { RemoteError } from '../remote-error';
import { ConnectError } from './grpc-channel';

/** What a call was about, for the text of its refusal. */
export interface Called {
  /** The model, with its version. */
  readonly model: string;
  /** Whether a token or login was sent. */
  readonly hasLogin: boolean;
  readonly largestAnswer: number;
  /** Whether it was a run: the server had the model when the session was opened. */
  readonly isRun: boolean;
  /** Whether it was about shared memory, not the model. */
  readonly isRegion: boolean;
}

/** The numbers of gRPC's statuses, which are the same in every library. */
const status = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

const names: readonly string[] = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED'],
  ...['INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
];

/** The error for a call that failed. */
export function grpcRefusal(url: string, error: unknown, called: Called): RemoteError {
  if (error instanceof ConnectError) return new RemoteError(url, error.message, { mayRepeat: true });
  const { code, details, metadata } = error as ServiceError;
  if (typeof code !== 'number') return new RemoteError(url, failureOf(error).reason, { cause: error, mayRepeat: true });
  const cut = code === status.unavailable ? cutOf(details) : undefined;
  if (cut !== undefined) return new RemoteError(url, cut, { cause: error, mayRepeat: true });
  if (code === status.resourceExhausted && details.includes(`vs ${called.largestAnswer})`)) {
    const limit = `but at most ${called.largestAnswer} are read; backend.largestAnswer sets another limit`;
    return new RemoteError(url, `an answer of ${/\((\d+) vs/.exec(details)?.[1]} bytes, ${limit}`, { cause: error });
  }
  if (/^(Response message parsing error|Unhandled deserialization error|Failed to decompress)/.test(details)) {
    return new RemoteError(url, `Expected a message of the protocol but ${details}`, { cause: error });
  }
  const said = details.length > 500 ? `${details.slice(0, 497)}...` : details;
  const answered = `the server answered ${names[code] ?? `status ${code}`}${said === '' ? '' : `, "${said}"`}`;
  const reason = `${answered}; ${adviceOf(code, details, called)}`;
  if (code === status.notFound && !called.isRegion) {
    // A server that was restarted is loading it.
    return new RemoteError(url, reason, { code: 'MODEL_NOT_FOUND', cause: error, mayRepeat: called.isRun });
  }
  const isBusy = code === status.resourceExhausted && !isTooLarge(details);
  // A negative number forbids a repetition.
  const pushback = Number(metadata?.get('grpc-retry-pushback-ms')[0] ?? Number.NaN);
  const mayRepeat = (code === status.unavailable || isBusy) && !(pushback < 0);
  return new RemoteError(url, reason, { cause: error, mayRepeat, ...(pushback >= 0 ? { waitMs: pushback } : {}) });
}

function isTooLarge(details: string): boolean {
  return /larger than max/i.test(details);
}

/** A connection that can't be made or was cut, in plain words; undefined if the server itself answered. */
function cutOf(details: string): string | undefined {
  if (/^(Connection dropped|(read|write) E[A-Z]+|Channel closed)/.test(details)) return 'the connection was cut';
  if (/^Stream refused/.test(details)) return 'the server takes no more calls on this connection';
  if (/^Name resolution failed/.test(details)) return failureOf(withCode('ENOTFOUND', details)).reason;
  const failed = /^No connection established\. Last error: (?:Error: )?(.*?)(?: \(\d{4}-[^)]*\))?\. Resolution note/s;
  const text = failed.exec(details)?.[1];
  if (text === undefined) return undefined;
  const code = /\b(?:E[A-Z]{4,}|EAI_AGAIN)\b/.exec(text)?.[0] ?? '';
  if (code === 'ECONNREFUSED') {
    return `${failureOf(withCode(code, text)).reason}; is the server running, and is this its port for gRPC?`;
  }
  if (/certificate|altnames/i.test(text))
    return failureOf(withCode('CERT', text)).reason.concat(', or in backend.tls.ca');
  return `${failureOf(withCode(code, text)).reason}; is this its port for gRPC?`;
}

function withCode(code: string, text: string): Error {
  return Object.assign(new Error(text), { code });
}

function adviceOf(code: number, details: string, { model, hasLogin, isRegion }: Called): string {
  const { invalidArgument, notFound, unimplemented } = status;
  if (isRegion && [invalidArgument, notFound, unimplemented].some((one) => one === code)) return sharedMemoryAdvice;
  switch (code) {
    case status.invalidArgument:
      return 'it does not accept the request: check model, names, shapes and data types';
    case status.deadlineExceeded:
      return 'it gave up after its own time limit; see its log';
    case status.notFound:
      return `it has no ${model}; check backend.url, backend.model and backend.version`;
    case status.permissionDenied:
    case status.unauthenticated:
      return hasLogin
        ? 'it does not accept this login; check backend.token and backend.headers'
        : 'it wants a login; give backend.token or backend.headers';
    case status.resourceExhausted:
      return isTooLarge(details)
        ? 'the tensors are larger than it accepts; send smaller batches, or raise its limit'
        : 'it is busy; try again later';
    case status.unavailable:
      return 'it is busy or not ready; try again later';
    case status.unimplemented:
      return 'is it a server of the Open Inference Protocol v2?';
    default:
      return 'it failed; see its log';
  }
}
