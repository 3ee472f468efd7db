import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../helpers/folders';
import { type Archives, packPackages } from '../helpers/packages';
import { projectRoot, runProcess } from '../helpers/project';

const suites = ['bullseye', 'bookworm', 'trixie'] as const;
const script = path.join(__dirname, 'clean-system.sh');
const setup = path.join(projectRoot, '.binder/setup.sh');

let archives: Archives;
let node: string;
let possible = true;
beforeAll(async () => {
  possible = process.getuid?.() === 0 && (await runProcess('sh', ['-c', 'command -v debootstrap'])).code === 0;
  if (!possible) process.stderr.write('SKIPPED: clean systems need root and debootstrap\n');
  else {
    archives = await packPackages(makeFolder());
    node = await nodeFolder();
  }
});

/** Node 20 as it is distributed, with the npm of this machine. */
async function nodeFolder(): Promise<string> {
  const folder = makeFolder();
  const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', 'node@20', 'npm@10'];
  expect(await runProcess('npm', install)).toMatchObject({ code: 0 });
  const prefix = path.join(folder, 'prefix');
  await mkdir(path.join(prefix, 'bin'), { recursive: true });
  await cp(path.join(folder, 'node_modules/node/bin/node'), path.join(prefix, 'bin/node'));
  await cp(path.join(folder, 'node_modules/npm'), path.join(prefix, 'lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx']) {
    const link = path.join(prefix, 'bin', name);
    const target = `../lib/node_modules/npm/bin/${name}-cli.js`;
    expect(await runProcess('ln', ['-s', target, link])).toMatchObject({ code: 0 });
  }
  return prefix;
}

describe.each(suites)('a clean Debian %s', (suite) => {
  test('installs without a compiler, predicts, and runs a notebook', async ({ skip }) => {
    if (!possible) skip();
    const files = [archives.main, archives.platform, archives.lessons];
    const { code, stdout, stderr } = await runProcess('sh', [script, suite, makeFolder(), node, setup, ...files]);
    process.stdout.write(stdout);
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(stdout).toContain('6 objects');
    expect(stdout).toContain(`clean-system: ${suite}: green`);
  });
});
