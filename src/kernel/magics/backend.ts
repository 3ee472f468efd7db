import { checkOneOf } from '../../validate';
import { chooseBackend, chosenBackend } from '../chosen-backend';
import { done, type Magic } from './magic';

export const backend: Magic = {
  name: 'backend',
  kind: 'line',
  usage: '%backend [name|auto]',
  summary: 'the engine of models that loadModel loads from now on, where the call names none; without a name, tells it',
  async run({ print }, argument) {
    const { checkBackend, paddleBackendNames } = backends();
    if (argument !== '') {
      checkOneOf('%backend', argument, ['auto', ...paddleBackendNames]);
      chooseBackend(argument === 'auto' ? undefined : checkBackend('%backend', argument));
    }
    print(
      `backend: ${chosenBackend()?.name ?? 'auto (loadModel finds the fastest)'}; there are ${paddleBackendNames.join(', ')}`,
    );
    return done();
  },
};

/** Loaded with the first use, since the package takes some time. */
function backends(): typeof import('../../backends/named-backends') {
  return require('../../backends/named-backends');
}
