import path from 'node:path';
import { readdir } from '../files/fs';
import { runProcess } from '../processes/run-process';
import type { PaddleRuntime } from './inspect';

/**
 * The libraries that every GPU build opens by name at run time, so that its own dependency list does not show them.
 */
const CUDA_LIBRARIES = ['libcudnn.so', 'libcublas.so'];

/** The CUDA libraries that a GPU build needs and the loader can't find; empty for a CPU build. */
export function missingCudaLibraries(runtime: PaddleRuntime, findable: readonly string[]): string[] {
  if (runtime.build.device !== 'gpu') return [];
  return CUDA_LIBRARIES.filter((library) => !findable.some((name) => name.startsWith(library)));
}

/** File names of the shared libraries beside a runtime, on LD_LIBRARY_PATH and in the loader's cache. */
export async function findableLibraries(runtime: PaddleRuntime): Promise<string[]> {
  const named = (process.env.LD_LIBRARY_PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const folders = [...runtime.libraryPath, ...named];
  const names = await Promise.all(folders.map((folder) => readdir(folder).catch((): string[] => [])));
  // By its full path: it is not on every user's PATH.
  const { stdout } = await runProcess(['/sbin/ldconfig'], ['-p'], { timeout: 10_000 });
  const cached = [...stdout.matchAll(/^\s+(\S+) \(/gm)].map((match) => match[1] ?? '');
  return [...names.flat(), ...cached];
}
