import type { BackendName } from '../../compare/compare-backends';
import type { EngineOptions } from '../../inference/engine';
import { checkOneOf } from '../../validate';
import { done, type Magic } from './magic';

let chosen: BackendName | undefined;

/** What `%backend` has chosen for models that are loaded from now on; nothing, unless it was used. */
export function chosenEngine(): EngineOptions {
  if (chosen === undefined) return {};
  return backends().backendOptions[chosen];
}

export const backend: Magic = {
  name: 'backend',
  kind: 'line',
  usage: '%backend [name|auto]',
  summary: 'the engine of models that loadModel loads from now on, where the call names none; without a name, tells it',
  async run({ print }, argument) {
    if (argument !== '') {
      const name = checkOneOf('%backend', argument, ['auto', ...backends().backendNames]);
      chosen = name === 'auto' ? undefined : name;
    }
    print(
      `backend: ${chosen ?? 'auto (loadModel finds the fastest)'}; there are ${backends().backendNames.join(', ')}`,
    );
    return done();
  },
};

/** Loaded with the first use, since the package takes some time. */
function backends(): typeof import('../../compare/backends') {
  return require('../../compare/backends');
}
