import { done, type Magic } from './magic';

export const reset: Magic = {
  name: 'reset',
  kind: 'line',
  usage: '%reset',
  summary: 'forgets every name that cells have declared, and restores the helpers',
  async run({ session }) {
    session.reset();
    return done();
  },
};
