import type { PaddleRuntime } from '../../runtime';
import { done, type Magic } from './magic';

export const runtime: Magic = {
  name: 'runtime',
  kind: 'line',
  usage: '%runtime [version|folder]',
  summary: 'the Paddle that is loaded with the first model; without an argument, tells which one',
  async run({ print }, argument) {
    const { findRuntime } = require('../../runtime') as typeof import('../../runtime');
    const found = await findRuntime(argument === '' ? {} : { runtime: argument });
    // Where the library looks first; a Paddle that is loaded already can't be exchanged, and loadModel says so.
    if (argument !== '') process.env.PADDLELAB_RUNTIME = found.root;
    print(describe(found));
    return done();
  },
};

function describe({ version, build, root }: PaddleRuntime): string {
  return `Paddle ${version} for ${build.device.toUpperCase()} in ${root}`;
}
