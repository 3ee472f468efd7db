import path from 'node:path';
import type { ConfigStep } from '../native/binding';
import { cacheFolder } from '../runtime/cache';

/**
 * Where the OpenVINO engine keeps the models that it has compiled: by default the working directory, where nobody wants
 * them.
 */
export function engineCacheStep(): ConfigStep {
  return { method: 'SetOptimCacheDir', arguments: [path.join(cacheFolder(), 'openvino')] };
}
