import type { NamedBackend } from '../../backends/named-backends';
import type { EngineOptions } from '../../inference/engine';
import { checkOneOf } from '../../validate';
import { done, type Magic } from './magic';

let chosen: NamedBackend | undefined;

/** What `%backend` has chosen for models that are loaded from now on; nothing, unless it was used. */
export function chosenEngine(): EngineOptions {
  if (chosen === undefined || !backends().isPaddle(chosen)) return {};
  const { device, engine, precision, tensorrt } = chosen;
  return JSON.parse(JSON.stringify({ device, engine, precision, tensorrt })) as EngineOptions;
}

export const backend: Magic = {
  name: 'backend',
  kind: 'line',
  usage: '%backend [name|auto]',
  summary: 'the engine of models that loadModel loads from now on, where the call names none; without a name, tells it',
  async run({ print }, argument) {
    const { checkBackend, paddleBackendNames } = backends();
    if (argument !== '') {
      checkOneOf('%backend', argument, ['auto', ...paddleBackendNames]);
      chosen = argument === 'auto' ? undefined : checkBackend('%backend', argument);
    }
    print(
      `backend: ${chosen?.name ?? 'auto (loadModel finds the fastest)'}; there are ${paddleBackendNames.join(', ')}`,
    );
    return done();
  },
};

/** Loaded with the first use, since the package takes some time. */
function backends(): typeof import('../../backends/named-backends') {
  return require('../../backends/named-backends');
}
