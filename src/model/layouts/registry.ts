import { readdir, stat } from 'node:fs/promises';
import { PaddleLabError } from '../../errors';
import { resolvePath } from '../../image/image';
import type { ModelSpec } from '../spec';
import type { ModelLayout, ReadLayoutOptions } from './layout';
import { paddleDetection2 } from './paddle-detection-2';

/** Every layout that is recognised, first match wins; a new one is added here and nowhere else. */
const layouts: readonly ModelLayout[] = [paddleDetection2];

/**
 * Reads what a model's folder says about the model.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, MODEL_NOT_FOUND, MODEL_UNSUPPORTED, CONFIG_INVALID
 */
export async function readModelSpec(input: string, options: ReadLayoutOptions = {}): Promise<ModelSpec> {
  const directory = resolvePath(input);
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined) {
    throw new PaddleLabError('FILE_NOT_FOUND', `Model folder ${input} does not exist (looked for ${directory})`);
  }
  if (!found.isDirectory()) {
    throw new PaddleLabError('MODEL_NOT_FOUND', `Expected a model's folder but ${directory} is a file`);
  }
  const names = new Set((await readdir(directory)).sort());
  const layout = layouts.find((candidate) => candidate.recognises(names));
  if (layout === undefined) {
    const known = layouts.map((candidate) => `  - ${candidate.name}: ${candidate.expects}`).join('\n');
    throw new PaddleLabError(
      'MODEL_NOT_FOUND',
      `Found no model of a known layout in ${directory} (it holds ${[...names].slice(0, 8).join(', ') || 'nothing'}). ` +
        `Known:\n${known}`,
    );
  }
  return layout.read(directory, names, options);
}
