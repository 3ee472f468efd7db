import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../helpers/folders';
import { packPackages } from '../helpers/packages';
import { runProcess } from '../helpers/project';

test('an installed package rebuilds its addon with the command named in the error', async () => {
  const folder = makeFolder();
  const { main } = await packPackages(folder);
  const npm = ['--prefix', folder, '--omit=dev', '--no-audit', '--no-fund'];
  expect(await runProcess('npm', ['install', ...npm, main])).toMatchObject({ code: 0 });
  rmSync(path.join(folder, 'node_modules/@paddlelab'), { recursive: true, force: true });
  const own = path.join(folder, 'node_modules/paddlelab');
  const load = ['-e', `require(${JSON.stringify(own)}).getVersion().then(console.log, (e) => console.log(e.message))`];
  const environment = { INIT_CWD: folder, NODE_PATH: '' };

  const before = await runProcess(process.execPath, load, environment);
  expect(before.stdout).toMatch(/in the package @paddlelab\/linux-\w+ or in .*npm install --include=optional/);
  const command = /npx paddlelab (\w+)` \(needs/.exec(before.stdout)?.[1] ?? '';
  expect(command).toBe('rebuild');

  const rebuilt = await runProcess(path.join(folder, 'node_modules/.bin/paddlelab'), [command], environment);
  expect(rebuilt.stderr).not.toContain('error');
  expect(rebuilt).toMatchObject({ code: 0, stdout: expect.stringContaining(path.join(own, 'native/build/Release')) });
  const after = await runProcess(process.execPath, load, environment);
  expect(after.stdout).toMatch(/version: \d/);
});
