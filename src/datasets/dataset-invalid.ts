import { PaddleLabError } from '../errors';
import { describeValue } from '../validate';

/** `Expected an image's id for annotations[3].image_id in scenes.json but received 99 (number)`. */
export function datasetInvalid(
  file: string,
  place: string | undefined,
  expected: string,
  received: unknown,
  options?: { cause?: unknown },
): PaddleLabError {
  const where = place === undefined ? file : `${place} of ${file}`;
  const came = typeof received === 'number' ? `${received} (number)` : describeValue(received);
  return new PaddleLabError('DATASET_INVALID', `Expected ${expected} in ${where} but received ${came}`, options);
}

/** The message of a problem in the same words. */
export function expectedButReceived(expected: string, received: string): string {
  return `Expected ${expected} but received ${received}`;
}
