import path from 'node:path';
import { PaddleLabError } from '../errors';
import { readdir } from '../files/fs';
import {
  describeCheckpoint,
  describeForeign,
  foreignKindOfName,
  isCheckpointName,
} from '../inference/program-check/foreign-file';

/** Training runs write a folder per saved state or per trained model. */
const deepest = 2;

/** The best weights of a run first, then the latest. */
const preferred = [/best_model/, /model_final/, /latest/];

/**
 * Reports what a folder without an exported program contains instead, if known: weights of a training run, or a network
 * of another framework.
 *
 * @throws PaddleLabError MODEL_UNSUPPORTED
 */
export async function refuseUnexported(directory: string, names: ReadonlySet<string>): Promise<void> {
  const weights = chooseWeights(await findWeights(directory));
  if (weights !== undefined) {
    const text = describeCheckpoint(path.join(directory, weights), [...names]);
    throw unsupported(`a model's exported folder`, directory, text);
  }
  const foreign = [...names].find((name) => foreignKindOfName(name) !== undefined);
  const kind = foreign === undefined ? undefined : foreignKindOfName(foreign);
  if (foreign === undefined || kind === undefined) return;
  throw unsupported(`a model's exported folder`, directory, `${foreign}: ${await describeForeign(kind, foreign)}`);
}

/**
 * The same for a file given in place of a model's folder.
 *
 * @throws PaddleLabError MODEL_UNSUPPORTED
 */
export async function refuseUnexportedFile(file: string): Promise<void> {
  const kind = foreignKindOfName(path.basename(file));
  if (kind === undefined) return;
  throw new PaddleLabError(
    'MODEL_UNSUPPORTED',
    `Expected a model's exported folder but ${file} is ${await describeForeign(kind, file)}`,
  );
}

function unsupported(expected: string, directory: string, received: string): PaddleLabError {
  return new PaddleLabError('MODEL_UNSUPPORTED', `Expected ${expected} but ${directory} holds ${received}`);
}

/** Relative paths of weights in and below the folder. */
async function findWeights(directory: string, depth = 0): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const own = entries.filter((entry) => entry.isFile() && isCheckpointName(entry.name)).map(({ name }) => name);
  if (depth === deepest) return own;
  const below = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) =>
        (await findWeights(path.join(directory, name), depth + 1)).map((file) => path.join(name, file)),
      ),
  );
  return [...own, ...below.flat()];
}

function chooseWeights(found: readonly string[]): string | undefined {
  const weights = found.filter((file) => file.endsWith('.pdparams'));
  const named = preferred.flatMap((pattern) => weights.find((file) => pattern.test(file)) ?? []);
  return named[0] ?? weights[0] ?? found[0];
}
