import type { NamedBackend } from '../backends/named-backends';
import type { EngineOptions } from '../inference/engine';

let chosen: NamedBackend | undefined;

/** The backend chosen by `%backend`; if undefined, `loadModel` chooses. */
export function chosenBackend(): NamedBackend | undefined {
  return chosen;
}

export function chooseBackend(backend: NamedBackend | undefined): void {
  chosen = backend;
}

/** Default `loadModel` options for later calls; empty unless `%backend` was used. */
export function chosenEngine(): EngineOptions {
  if (chosen === undefined || (chosen.kind !== undefined && chosen.kind !== 'paddle')) return {};
  const { device, engine, precision, tensorrt } = chosen;
  return JSON.parse(JSON.stringify({ device, engine, precision, tensorrt })) as EngineOptions;
}
