import path from 'node:path';
import { packageRoot } from '../../package-root';
import type { ExternalCommand } from './external-runtime';

/** The command of one of the Python scripts beside this file's source. */
export function pythonCommand(python: string | undefined, script: string): ExternalCommand {
  const file = path.join(packageRoot(), 'src/backends/external', script);
  return { command: python ?? 'python3', args: [file] };
}
