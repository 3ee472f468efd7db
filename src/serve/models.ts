import path from 'node:path';
import { type AnyModel, type LoadModelOptions, loadModel } from '../model/load-model';
import { Model } from '../model/model';
import { checkString, invalidArgument } from '../validate';
import type { ModelSource } from './service/model-slot';

/** A model to serve: a folder or the name of an official model, or one that is loaded; its caller disposes that. */
export type ServedModelInput = string | AnyModel;

/**
 * The models of a server: one, several, or several by the names under which they are served. Without names they are those
 * of the folders.
 */
export type ServedModels = ServedModelInput | readonly ServedModelInput[] | Readonly<Record<string, ServedModelInput>>;

/** @throws PaddleLabError INVALID_ARGUMENT */
export function modelSources(models: ServedModels, load: LoadModelOptions): Map<string, ModelSource> {
  const named = namedModels(models);
  if (named.length === 0) throw invalidArgument('models', 'one model or more', 'none');
  const sources = new Map<string, ModelSource>();
  for (const [name, input] of named) {
    if (sources.has(name)) throw invalidArgument('models', 'another name for each model: { NAME: folder }', name);
    sources.set(checkName(name), sourceOf(input, load));
  }
  return sources;
}

function namedModels(models: ServedModels): (readonly [string, ServedModelInput])[] {
  if (typeof models === 'string' || models instanceof Model) return [[nameOf(models), models]];
  if (Array.isArray(models)) return models.map((model: ServedModelInput) => [nameOf(model), model]);
  if (typeof models === 'object' && models !== null) return Object.entries(models);
  throw invalidArgument('models', 'folder, model, or an object of them by name', models);
}

function nameOf(model: ServedModelInput): string {
  if (model instanceof Model) return path.basename(model.spec.files.directory);
  return path.basename(path.resolve(checkString('models', model)));
}

/** It is a part of URLs, metrics and logs. */
function checkName(name: string): string {
  if (/^[\w.][\w.\- ]{0,99}$/.test(name)) return name;
  throw invalidArgument('models', 'names of letters, digits, _, - and ., at most 100', name);
}

function sourceOf(input: ServedModelInput, load: LoadModelOptions): ModelSource {
  if (input instanceof Model) return { load: async () => input as AnyModel, owned: false };
  const folder = checkString('models', input);
  return { load: () => loadModel(folder, load), owned: true };
}
