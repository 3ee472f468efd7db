import { PaddleLabError } from '../errors';

/** The error for a model that a source can't give. */
export function downloadFailed(reason: string, cause?: unknown): PaddleLabError {
  return new PaddleLabError('DOWNLOAD_FAILED', reason, cause === undefined ? {} : { cause });
}
