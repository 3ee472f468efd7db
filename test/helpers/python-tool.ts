import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectRoot, runProcess } from './project';

/**
 * The commands of Python packages in an environment of their own, which is kept for the next run; undefined, with a
 * printed note, if they can't be installed on this machine.
 */
export async function pythonTool(command: string, packages: readonly string[]): Promise<string | undefined> {
  const home = path.join(projectRoot, '.cache', `python-${command}`);
  const program = path.join(home, 'bin', command);
  if (existsSync(program)) return program;
  rmSync(home, { recursive: true, force: true });
  await runProcess('python3', ['-m', 'venv', home]);
  const pip = [path.join(home, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const { code, stderr } = await runProcess(pip[0] as string, [...pip.slice(1), ...packages]);
  if (code === 0 && existsSync(program)) return program;
  process.stderr.write(`SKIPPED: ${command} can not be installed here: ${stderr}\n`);
  return undefined;
}
