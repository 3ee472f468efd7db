import path from 'node:path';
import type { Engine } from '../../src';
import type { Precision } from '../../src/inference/config';
import { whyNoPrecision } from '../../src/inference/cpu-precision';
import { findCpu } from '../../src/runtime/devices';
import { projectRoot } from './project';

/** Whether an engine supports a precision on this machine, or on the simulated one. */
export async function canCompute(engine: Engine, precision: Precision): Promise<boolean> {
  return whyNoPrecision(engine, precision, await findCpu()) === undefined;
}

/** A `/proc/cpuinfo` of another processor type. */
export function cpuInfoFile(
  name: 'sse4' | 'avx2' | 'avx2-ne-convert' | 'avx512' | 'avx512-bf16' | 'avx512-fp16' | 'amx',
): string {
  return path.join(projectRoot, 'test/helpers/processors', `${name}.txt`);
}
