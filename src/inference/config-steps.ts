import type { ConfigStep } from '../native/paddle-types';
import type { Config } from './config';
import { engineCacheStep } from './engine-cache';

/** The calls on Paddle's configuration: the recorded ones, and those that paddlelab adds. */
export async function stepsOf(config: Config): Promise<ConfigStep[]> {
  const wantsCache = config.has('EnableOpenVINOEngine') && !config.has('SetOptimCacheDir');
  return [...config.steps(), ...(wantsCache ? [engineCacheStep()] : [])];
}
