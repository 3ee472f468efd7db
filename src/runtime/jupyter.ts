import path from 'node:path';
import { readdir } from '../files/fs';
import { which } from '../processes/run-process';
import { homeFolder } from './cache';

export interface JupyterReport {
  /** Path of the jupyter command on PATH. */
  command?: string;
  /** Folder of the installed kernelspec of paddlelab. */
  kernelspec?: string;
}

const KERNEL_NAME = 'paddlelab';

/** Looks for Jupyter, and for our kernelspec in Jupyter's search path, without starting Jupyter. */
export async function findJupyter(environment: NodeJS.ProcessEnv = process.env): Promise<JupyterReport> {
  const command = await which('jupyter', environment.PATH ?? '');
  for (const folder of dataFolders(environment, command)) {
    const kernelspec = path.join(folder, 'kernels', KERNEL_NAME);
    const files = await readdir(kernelspec).catch(() => undefined);
    if (files?.includes('kernel.json')) return { command, kernelspec };
  }
  return { command };
}

/** In Jupyter's own order: JUPYTER_PATH, the user's, the environment's, the system's. */
function dataFolders(environment: NodeJS.ProcessEnv, command: string | undefined): string[] {
  const named = (environment.JUPYTER_PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const home = environment.HOME ?? homeFolder();
  const user =
    environment.JUPYTER_DATA_DIR ??
    path.join(environment.XDG_DATA_HOME ?? path.join(home, '.local', 'share'), 'jupyter');
  const prefixes = command === undefined ? [] : [path.dirname(path.dirname(command))];
  if (environment.VIRTUAL_ENV) prefixes.push(environment.VIRTUAL_ENV);
  const shared = [...prefixes, '/usr/local', '/usr'].map((prefix) => path.join(prefix, 'share', 'jupyter'));
  return [...named, user, ...shared];
}
