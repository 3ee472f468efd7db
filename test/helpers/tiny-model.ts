import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Config } from '../../src';
import { makeFolder } from './folders';
import { identityProgram, type VariableSpec } from './program';

/** A configuration on plain kernels for a generated model whose output `y` equals its input `x`. */
export function identityConfig(dtype: VariableSpec['dtype'] = 'float32', shape: readonly number[] = [-1, 2]): Config {
  const { program, params } = identityProgram(dtype, shape);
  const config = new Config();
  config.setModelBuffer(program, params);
  config.disableGpu();
  config.disableOnednn();
  return config;
}

/** Writes files into a new folder. */
export async function writeFiles(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = makeFolder();
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(folder, name), bytes);
  return folder;
}
