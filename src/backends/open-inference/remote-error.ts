import { PaddleLabError, type PaddleLabErrorCode } from '../../errors';

/** A server that runs a model can't be reached, refuses a request, or answers something wrong. */
export class RemoteError extends PaddleLabError {
  constructor(
    url: string,
    readonly reason: string,
    options: {
      readonly code?: PaddleLabErrorCode;
      readonly cause?: unknown;
      /** Whether the server did not compute anything, so that the request may be sent again. */
      readonly mayRepeat?: boolean;
      /** How long the server asks to wait before that. */
      readonly waitMs?: number;
    } = {},
  ) {
    super(
      options.code ?? 'REMOTE_FAILED',
      `${url}: ${reason}`,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.mayRepeat = options.mayRepeat ?? false;
    this.waitMs = options.waitMs;
  }

  readonly mayRepeat: boolean;
  readonly waitMs: number | undefined;
}
