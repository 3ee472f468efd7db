import path from 'node:path';
import { packageRoot } from '../../package-root';
import type { Launch } from '../channel';

/** Starts one of the Python scripts beside this file's source. */
export function pythonLaunch(python: string | undefined, script: string): Launch {
  const file = path.join(packageRoot(), 'src/compare/rivals', script);
  return { kind: 'lines', command: python ?? 'python3', args: [file] };
}
