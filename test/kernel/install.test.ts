import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { installKernel, uninstallKernel } from '../../src/kernel/install';
import { distFile } from '../../src/package-root';
import { emptyFolder } from '../helpers/jupyter';

function cli(args: string[], variables: NodeJS.ProcessEnv = {}) {
  const argv = [distFile('cli/main.js'), 'kernel', ...args];
  // Without Python, to show that it is not needed.
  return spawnSync(process.execPath, argv, { encoding: 'utf8', env: { HOME: emptyFolder(), PATH: '', ...variables } });
}

test('the kernelspec in a prefix starts this package with this Node and has its logos', async () => {
  const prefix = emptyFolder();
  const folder = installKernel({ prefix });
  expect(folder).toBe(path.join(prefix, 'share/jupyter/kernels/paddlelab'));
  const spec = JSON.parse(readFileSync(path.join(folder, 'kernel.json'), 'utf8'));
  expect(spec).toMatchObject({
    argv: [process.execPath, '--no-force-async-hooks-checks', distFile('kernel/main.js'), '{connection_file}'],
    display_name: 'TypeScript (paddlelab)',
    language: 'typescript',
    interrupt_mode: 'message',
  });
  expect(existsSync(spec.argv[2])).toBe(true);
  expect(await sharp(path.join(folder, 'logo-64x64.png')).metadata()).toMatchObject({ width: 64, height: 64 });
  expect(await sharp(path.join(folder, 'logo-svg.svg')).metadata()).toMatchObject({ format: 'svg' });
});

test('paddlelab kernel install and uninstall, for an environment and for a user, without Python', () => {
  const prefix = emptyFolder();
  const place = ['--prefix', prefix, '--name', 'mine'];
  const installed = cli(['install', ...place, '--display-name', 'Mine']);
  expect(installed.stderr).toBe('');
  const file = path.join(prefix, 'share/jupyter/kernels/mine/kernel.json');
  expect(JSON.parse(readFileSync(file, 'utf8')).display_name).toBe('Mine');
  expect(installed.stdout).toContain(path.dirname(file));
  const listed = cli(['list', '--prefix', prefix]).stdout;
  expect(listed).toMatch(new RegExp(`mine +Mine +${path.dirname(file)}\\n`));
  expect(cli(['uninstall', ...place]).status).toBe(0);
  expect(existsSync(path.dirname(file))).toBe(false);

  const home = emptyFolder();
  expect(cli(['install'], { HOME: home }).status).toBe(0);
  expect(existsSync(path.join(home, '.local/share/jupyter/kernels/paddlelab/kernel.json'))).toBe(true);
  expect(cli(['uninstall', '--user'], { HOME: home }).status).toBe(0);
});

test('failures give a reason', () => {
  expect(() => uninstallKernel({ prefix: emptyFolder() })).toThrow(/No kernel is installed at/);
  expect(() => installKernel({ prefix: emptyFolder(), name: '../up' })).toThrow(
    /for the name of the kernel but received/,
  );
  const noPython = cli(['install', '--sys-prefix']);
  expect(noPython.status).not.toBe(0);
  expect(noPython.stderr).toContain('use --prefix FOLDER or --user instead');
  expect(cli(['install', '--user', '--prefix', '/tmp/x']).stderr).toContain('cannot be used with');
});
