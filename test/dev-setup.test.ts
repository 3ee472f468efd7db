import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { distFile } from '../src/package-root';
import { installLine } from '../src/runtime/system-packages';
import { makeFolder } from './helpers/folders';
import { projectRoot, runProcess } from './helpers/project';

/** A PATH with only these programs of the machine, and empty scripts of other names. */
async function pathOf(programs: readonly string[], empty: readonly string[] = []): Promise<string> {
  const bin = makeFolder();
  for (const program of programs) {
    const { stdout } = await runProcess('/bin/sh', ['-c', `command -v ${program}`]);
    symlinkSync(stdout.trim(), path.join(bin, program));
  }
  for (const name of empty) writeFileSync(path.join(bin, name), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  return bin;
}

/** A clone without build outputs, whose packages look installed to the first step of `npm start`. */
async function bareClone(): Promise<string> {
  const clone = makeFolder();
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'src']) {
    symlinkSync(path.join(projectRoot, name), path.join(clone, name));
  }
  const lock = readFileSync(path.join(projectRoot, 'package-lock.json'));
  for (const folder of ['native', 'node_modules', '.cache/stamps'])
    mkdirSync(path.join(clone, folder), { recursive: true });
  writeFileSync(path.join(clone, 'node_modules/.package-lock.json'), '{}');
  const stamp = createHash('sha256').update('package-lock.json\0').update(lock).digest('hex');
  writeFileSync(path.join(clone, '.cache/stamps/packages'), stamp);
  for (const name of ['src', 'binding.gyp']) {
    symlinkSync(path.join(projectRoot, 'native', name), path.join(clone, 'native', name));
  }
  return clone;
}

async function start(clone: string, PATH: string, flags: readonly string[] = []) {
  const args = [...flags, '--preserve-symlinks-main', path.join(clone, 'src/dev/bootstrap.cjs'), 'native'];
  return runProcess(process.execPath, args, { PATH, CXX: '' });
}

test.each([
  [[], ['apt-get'], 'g++, make, python3', 'apt-get install -y g\\+\\+ make python3$'],
  [['make', 'python3'], ['dnf'], 'g++', 'dnf install -y gcc-c\\+\\+$'],
  [['g++'], [], 'make, python3', 'apt-get install -y make python3 \\(Debian, Ubuntu\\), .*dnf install -y make python3'],
] as const)(
  'npm start with only %j of the build tools, and %j: names the missing ones and the command that installs them',
  async (...row) => {
    const [there, managers, missing, line] = row;
    const { code, stderr } = await start(await bareClone(), await pathOf([], ['npm', ...there, ...managers]));
    expect(stderr).toContain(`needs ${missing}, not found on PATH`);
    expect(stderr).toMatch(new RegExp(line, 'm'));
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  },
);

test('npm start with a too old Node names the required version', async () => {
  const clone = await bareClone();
  const pretend = path.join(clone, 'pretend.cjs');
  writeFileSync(
    pretend,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } });",
  );
  const { code, stderr } = await start(clone, process.env.PATH ?? '', ['-r', pretend]);
  expect(stderr).toMatch(/expected Node\.js 20\.\d+ or newer but this is 18\.20\.4/);
  expect(code).toBe(1);
});

test.each([
  ['no Python', [], 'python3 is missing'],
  ['a Python without venv', ['python3'], "Python's venv module, or part of it, is missing"],
] as const)('the environment for Jupyter with %s names the command that installs it', async (_, programs, missing) => {
  const root = makeFolder();
  const PATH = await pathOf(['node', 'sh'], [...programs, 'apt-get']);
  mkdirSync(path.join(root, 'src/dev'), { recursive: true });
  writeFileSync(path.join(root, 'package.json'), '{}');
  writeFileSync(path.join(root, 'src/dev/requirements.txt'), '');
  const script = `
    const roots = require(${JSON.stringify(distFile('package-root.js'))});
    roots.packageRoot = () => ${JSON.stringify(root)};
    require(${JSON.stringify(distFile('dev/python-env.js'))}).ensurePythonEnv().catch((e) => console.log(e.code, e.message));`;
  const { stdout } = await runProcess(process.execPath, ['-e', script], { PATH });
  expect(stdout).toContain(`TOOL_FAILED No Python environment for Jupyter could be made: ${missing}`);
  expect(stdout).toMatch(/apt-get install -y python3 python3-venv/);
});

test('paddlelab rebuild without a compiler names the missing tools and the command that installs them', async () => {
  const PATH = await pathOf(['node'], ['make', 'python3', 'dnf']);
  const { code, stderr } = await runProcess(process.execPath, [distFile('cli/main.js'), 'rebuild'], { PATH });
  expect(stderr).toMatch(/error \[TOOL_FAILED\]: Compiling the native addon needs g\+\+, which is not on PATH/);
  expect(stderr.replace(/\s+/g, ' ')).toContain('dnf install -y gcc-c++');
  expect(code).toBe(1);
});

test('a package that provides two tools is named once', async () => {
  const PATH = await pathOf([], ['dnf']);
  expect(await installLine(['python3', 'venv'], PATH)).toMatch(/dnf install -y python3$/);
});
