import { messageOf, PaddleLabError, type PaddleLabErrorCode } from '../../errors';
import { ServiceError } from '../service/refusals';

/** Statuses of HTTP by code; others are failures of the server: 500. */
const statuses: Partial<Record<PaddleLabErrorCode, number>> = {
  INVALID_ARGUMENT: 400,
  IMAGE_UNREADABLE: 400,
  MODEL_UNSUPPORTED: 400,
  LOGIN_FAILED: 401,
  MODEL_NOT_FOUND: 404,
  TOO_LARGE: 413,
  ABORTED: 499,
  TOOL_FAILED: 501,
  NOT_READY: 503,
  SERVER_BUSY: 503,
  TIMED_OUT: 504,
};

/** The body of an error response: `error` is required by the protocol, `code` is an addition. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: { readonly error: string; readonly code: string };
  readonly headers: Readonly<Record<string, string>>;
}

/** Texts of unexpected errors stay here: they may name files and parts of the program. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (!(error instanceof PaddleLabError)) return foreignAnswer(error);
  const status = statuses[error.code] ?? 500;
  const retry = error instanceof ServiceError ? error.retryAfter : undefined;
  return {
    status,
    body: { error: messageOf(error), code: error.code },
    headers: {
      ...(retry === undefined ? {} : { 'retry-after': String(retry) }),
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
  };
}

/** Errors of the framework have a status of their own. */
function foreignAnswer(error: unknown): ErrorAnswer {
  const { statusCode } = error as { statusCode?: unknown };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    const code = statusCode === 413 ? 'TOO_LARGE' : 'INVALID_ARGUMENT';
    return { status: statusCode, body: { error: messageOf(error), code }, headers: {} };
  }
  return {
    status: 500,
    body: { error: 'This server made a mistake; its log has the details', code: 'INTERNAL' },
    headers: {},
  };
}
