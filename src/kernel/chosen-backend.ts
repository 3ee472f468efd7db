import type { NamedBackend } from '../backends/named-backends';
import type { EngineOptions } from '../inference/engine';

let chosen: NamedBackend | undefined;

/** What `%backend` has chosen; undefined is what `loadModel` finds. */
export function chosenBackend(): NamedBackend | undefined {
  return chosen;
}

export function chooseBackend(backend: NamedBackend | undefined): void {
  chosen = backend;
}

/** The options of `loadModel` for models that are loaded from now on; none, unless `%backend` was used. */
export function chosenEngine(): EngineOptions {
  if (chosen === undefined || (chosen.kind !== undefined && chosen.kind !== 'paddle')) return {};
  const { device, engine, precision, tensorrt } = chosen;
  return JSON.parse(JSON.stringify({ device, engine, precision, tensorrt })) as EngineOptions;
}
