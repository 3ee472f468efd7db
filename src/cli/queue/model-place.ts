import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { statIfThere } from '../../files/fs';
import { resolvePath } from '../../image/image';
import { readAll } from '../../infer/queue/read-all';
import { atRoot, isBelow } from '../../infer/queue/root';
import { anyText, type OptionChecks, text } from '../../options';

/** Where machines find a model. */
export interface ModelPlace {
  /** The name of an official model, or of the model's folder. */
  readonly name: string;
  /** Relative to the shared folder; empty if it is not below it. */
  readonly path: string;
  /** Whether it is the name of an official model, or a URL. */
  readonly official: boolean;
}

const checks = {
  name: text,
  path: anyText,
  official: (name, value) => {
    if (typeof value === 'boolean') return value;
    throw new PaddleLabError('INVALID_ARGUMENT', `Expected true or false for ${name}`);
  },
} satisfies OptionChecks<ModelPlace>;

/** @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkPlace(name: string, value: unknown): ModelPlace {
  return readAll(name, value, checks);
}

/** The place of a model as it was given on the command line. */
export async function placeOf(model: string, root: string): Promise<ModelPlace> {
  const file = resolvePath(model);
  const found = await statIfThere(file);
  if (found === undefined) return { name: model, path: '', official: true };
  const relative = path.relative(root, file);
  // A YAML file is given with its folder.
  const name = found.isDirectory()
    ? path.basename(file)
    : path.join(path.basename(path.dirname(file)), path.basename(file));
  return { name, path: isBelow(relative) ? relative.split(path.sep).join('/') : '', official: false };
}

/**
 * The model of a place, for `loadModel` on this machine.
 *
 * @param models the folder of models of this machine, which has precedence
 * @throws PaddleLabError MODEL_NOT_FOUND
 */
export async function modelAt(place: ModelPlace, root: string, models: string | undefined): Promise<string> {
  if (models !== undefined) {
    const own = path.resolve(models, place.name);
    if (isBelow(path.relative(models, own)) && (await statIfThere(own)) !== undefined) return own;
  }
  if (place.official) return place.name;
  const shared = place.path === '' ? undefined : atRoot(root, place.path);
  if (shared !== undefined && (await statIfThere(shared)) !== undefined) return shared;
  const looked = [models === undefined ? undefined : path.join(models, place.name), shared].filter(
    (one) => one !== undefined,
  );
  const where = looked.length === 0 ? `it is not below the shared folder` : `there is none at ${looked.join(' or ')}`;
  throw new PaddleLabError(
    'MODEL_NOT_FOUND',
    `Expected the model ${place.name} of the run on this machine but ${where}; --models names a folder that has it`,
  );
}
