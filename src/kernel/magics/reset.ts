import { done, type Magic } from './magic';

export const reset: Magic = {
  name: 'reset',
  kind: 'line',
  usage: '%reset',
  summary: 'forgets every name that cells have declared; the helpers come back',
  async run({ session }) {
    session.reset();
    return done();
  },
};
