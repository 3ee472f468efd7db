import path from 'node:path';
import { packageRoot } from '../../package-root';
import type { ExternalCommand } from './external-runtime';

/** The command for one of the Python scripts in this source folder. */
export function pythonCommand(python: string | undefined, script: string): ExternalCommand {
  const file = path.join(packageRoot(), 'src/backends/external', script);
  return { command: python ?? 'python3', args: [file] };
}
