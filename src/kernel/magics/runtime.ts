import type { PaddleRuntime } from '../../runtime';
import { done, type Magic } from './magic';

export const runtime: Magic = {
  name: 'runtime',
  kind: 'line',
  usage: '%runtime [version|folder]',
  summary: 'sets the Paddle that the first model loads; without an argument, shows it',
  async run({ print }, argument) {
    const { findRuntime } = require('../../runtime') as typeof import('../../runtime');
    const found = await findRuntime(argument === '' ? {} : { runtime: argument });
    // The variable that findRuntime reads first. A Paddle that is already loaded can't be replaced; loadModel reports
    // that.
    if (argument !== '') process.env.PADDLELAB_RUNTIME = found.root;
    print(describe(found));
    return done();
  },
};

function describe({ version, build, root }: PaddleRuntime): string {
  return `Paddle ${version} for ${build.device.toUpperCase()} in ${root}`;
}
