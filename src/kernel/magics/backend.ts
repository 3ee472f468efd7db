import { checkOneOf } from '../../validate';
import { chooseBackend, chosenBackend } from '../chosen-backend';
import { done, type Magic } from './magic';

export const backend: Magic = {
  name: 'backend',
  kind: 'line',
  usage: '%backend [name|auto]',
  summary: 'sets the engine of later loadModel calls that name none; without a name, shows it',
  async run({ print }, argument) {
    const { checkBackend, paddleBackendNames } = backends();
    if (argument !== '') {
      checkOneOf('%backend', argument, ['auto', ...paddleBackendNames]);
      chooseBackend(argument === 'auto' ? undefined : checkBackend('%backend', argument));
    }
    print(
      `backend: ${chosenBackend()?.name ?? 'auto (loadModel finds the fastest)'}; available: ${paddleBackendNames.join(', ')}`,
    );
    return done();
  },
};

/** Loaded on first use, since the package takes some time to load. */
function backends(): typeof import('../../backends/named-backends') {
  return require('../../backends/named-backends');
}
