import { PaddleLabError } from '../../errors';

/** The error for an invalid command line. */
export function refuse(text: string): PaddleLabError {
  return new PaddleLabError('INVALID_ARGUMENT', text);
}
