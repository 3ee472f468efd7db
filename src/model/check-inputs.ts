import { PaddleLabError } from '../errors';
import type { DeclaredInput } from '../inference/program-ports';
import type { ModelSpec } from '../spec/spec';

/**
 * Refuses a network that is taken for a detector of text but has an input of a fixed height, as recognisers of lines do:
 * Paddle itself would fail somewhere inside of it.
 *
 * @throws PaddleLabError MODEL_UNSUPPORTED
 */
export function checkInputs({ task, inputSize, files }: ModelSpec, [input]: readonly DeclaredInput[]): void {
  const [, , height = -1] = input?.shape ?? [];
  if (task !== 'text-detection' || input === undefined || height < 0 || height === inputSize?.[0]) return;
  throw new PaddleLabError(
    'MODEL_UNSUPPORTED',
    `Expected a detector of text, whose input follows the image's size, but input "${input.name}" of ${files.directory} ` +
      `is [${input.shape.join(', ')}]; if it is a recogniser of lines, load it with task: 'text-recognition' and its dictionary`,
  );
}
