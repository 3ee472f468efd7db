import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { distFile } from '../src/package-root';
import { sweepTemporaryFolders } from '../src/temporary-folder';
import { makeFolder } from './helpers/folders';
import { runProcess } from './helpers/project';

const create = `const { TemporaryFolder } = require(${JSON.stringify(distFile('temporary-folder.js'))});
const folder = TemporaryFolder.create('model');
console.log(folder.path);`;

/** Starts a process that creates a folder and then waits for ever. */
async function startOwner(TMPDIR: string) {
  const child = spawn(process.execPath, ['-e', `${create} setInterval(() => {}, 1000)`], {
    env: { ...process.env, TMPDIR },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = await once(child.stdout, 'data');
  return { child, folder: String(text).trim() };
}

function makeOld(folder: string): void {
  const before = Date.now() / 1000 - 3600;
  utimesSync(folder, before, before);
}

test('a folder is removed when its process ends, released or not', async () => {
  const temp = makeFolder();
  const { stdout } = await runProcess(process.execPath, ['-e', create], { TMPDIR: temp });
  expect(path.dirname(stdout.trim())).toBe(temp);
  expect(readdirSync(temp)).toEqual([]);
});

test('folders of a killed process, and no others, are removed when the next process creates one', async () => {
  const temp = makeFolder();
  const alive = await startOwner(temp);
  const killed = await startOwner(temp);
  const just = await startOwner(temp);
  for (const { child } of [killed, just]) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  // Processes of other machines or containers can't be checked from here; other names are never touched.
  const elsewhere = killed.folder.replace(/-[0-9a-f]{8}-(\w{6})$/, '-0badcafe-$1');
  const foreign = path.join(temp, 'paddlelab-mine');
  for (const folder of [elsewhere, foreign]) mkdirSync(folder);
  for (const folder of [alive.folder, killed.folder, elsewhere, foreign]) makeOld(folder);
  try {
    const next = await startOwner(temp);
    next.child.kill('SIGKILL');
    await once(next.child, 'exit');
    // The next process does not wait for its clean-up; this one does.
    await sweepTemporaryFolders(temp);
    expect(existsSync(killed.folder)).toBe(false);
    for (const folder of [alive.folder, just.folder, elsewhere, foreign]) expect(existsSync(folder)).toBe(true);
  } finally {
    alive.child.kill('SIGKILL');
  }
});

test('a run cleans up automatically', async () => {
  const temp = makeFolder();
  const killed = await startOwner(temp);
  killed.child.kill('SIGKILL');
  await once(killed.child, 'exit');
  makeOld(killed.folder);
  // Ends when all work is done, including the clean-up.
  await runProcess(process.execPath, ['-e', create], { TMPDIR: temp });
  expect(readdirSync(temp)).toEqual([]);
});
