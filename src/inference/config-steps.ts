import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigStep } from '../native/binding';
import { cacheFolder } from '../runtime/cache';
import type { Config } from './config';

/** The calls on Paddle's configuration: those that were recorded, and what paddlelab adds to them. */
export async function stepsOf(config: Config): Promise<ConfigStep[]> {
  return [...config.steps(), ...(await engineCache(config))];
}

/** The OpenVINO engine keeps compiled models, by default in the working directory, where nobody wants them. */
async function engineCache(config: Config): Promise<ConfigStep[]> {
  if (!config.has('EnableOpenVINOEngine') || config.has('SetOptimCacheDir')) return [];
  const folder = path.join(cacheFolder(), 'openvino');
  await mkdir(folder, { recursive: true });
  return [{ method: 'SetOptimCacheDir', arguments: [folder] }];
}
