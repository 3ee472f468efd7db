import { PaddleLabError, type PaddleLabErrorCode } from '../../errors';

/** A request that is not run; `retryAfter` says in how many seconds it may be sent again. */
export class ServiceError extends PaddleLabError {
  constructor(
    code: PaddleLabErrorCode,
    message: string,
    readonly retryAfter?: number,
  ) {
    super(code, message);
  }
}

/** `Expected … but received …`. */
export function wrongRequest(expected: string, received: string): PaddleLabError {
  return new PaddleLabError('INVALID_ARGUMENT', `Expected ${expected} but received ${received}`);
}

export function unknownModel(name: string, known: readonly string[]): PaddleLabError {
  const shown = JSON.stringify(name.slice(0, 100));
  return new PaddleLabError('MODEL_NOT_FOUND', `This server has no model ${shown}; it has ${known.join(', ')}`);
}

export function notReady(reason: string): ServiceError {
  return new ServiceError('NOT_READY', reason, 1);
}
