import { mkdir } from 'node:fs/promises';
import type { ConfigStep } from '../native/binding';
import type { Config } from './config';
import { engineCacheStep } from './engine-cache';

/** The calls on Paddle's configuration: those that were recorded, and what paddlelab adds to them. */
export async function stepsOf(config: Config): Promise<ConfigStep[]> {
  return [...config.steps(), ...(await engineCache(config))];
}

async function engineCache(config: Config): Promise<ConfigStep[]> {
  if (!config.has('EnableOpenVINOEngine') || config.has('SetOptimCacheDir')) return [];
  const step = engineCacheStep();
  await mkdir(String(step.arguments[0]), { recursive: true });
  return [step];
}
