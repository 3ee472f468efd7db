import { PaddleLabError } from '../../errors';

/** The error for a command line that can't be meant. */
export function refuse(text: string): PaddleLabError {
  return new PaddleLabError('INVALID_ARGUMENT', text);
}
