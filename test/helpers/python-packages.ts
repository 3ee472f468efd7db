import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { projectRoot, runProcess } from './project';

/**
 * The interpreter of an environment in `.cache/` with some packages in fixed versions, and others in any version;
 * undefined, with a printed note, if they can't be installed on this machine.
 *
 * @param base the Python that the environment is made of
 */
export async function ensurePackages(
  name: string,
  versions: Readonly<Record<string, string>>,
  others: readonly string[],
  base = 'python3',
): Promise<string | undefined> {
  const folder = path.join(projectRoot, '.cache', name);
  const python = path.join(folder, 'bin', 'python');
  if (await hasPackages(python, versions)) return python;
  const packages = Object.entries(versions).map(([module, wanted]) => `${module}==${wanted}`);
  process.stderr.write(`Installing ${packages.join(' and ')} for Python to compare with …\n`);
  if (!existsSync(python)) await runProcess(base, ['-m', 'venv', folder]);
  const install = ['-m', 'pip', 'install', '--quiet', ...packages, ...others];
  await runProcess(python, install).catch(() => undefined);
  if (await hasPackages(python, versions)) return python;
  process.stderr.write(`SKIPPED: ${packages.join(' and ')} can't be installed for Python here\n`);
  return undefined;
}

export async function hasPackages(python: string, versions: Readonly<Record<string, string>>): Promise<boolean> {
  if (!existsSync(python)) return false;
  const checks = Object.entries(versions).map(([name, wanted]) => `assert m.version("${name}") == "${wanted}"`);
  return (await runProcess(python, ['-c', ['import importlib.metadata as m', ...checks].join('; ')])).code === 0;
}

/**
 * A Python of the first of these versions, such as `3.12`, that the system or pyenv has; undefined, with a printed note,
 * without one.
 */
export async function findPython(...versions: readonly string[]): Promise<string | undefined> {
  const pyenv = path.join(process.env.PYENV_ROOT ?? path.join(homedir(), '.pyenv'), 'versions');
  const kept = await readdir(pyenv).catch(() => []);
  for (const version of versions) {
    const own = kept.filter((name) => name.startsWith(`${version}.`));
    const check = `import sys; assert "%d.%d" % sys.version_info[:2] == "${version}"`;
    for (const python of [`python${version}`, ...own.map((name) => path.join(pyenv, name, 'bin', 'python'))]) {
      // A command of that name may be pyenv's, which fails while another version is chosen.
      const found = await runProcess(python, ['-c', check]).catch(() => undefined);
      if (found?.code === 0) return python;
    }
  }
  process.stderr.write(`SKIPPED: no Python ${versions.join(' or ')} on this machine\n`);
  return undefined;
}
