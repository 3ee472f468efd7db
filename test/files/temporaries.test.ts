import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sweepTemporaries, temporaryBeside } from '../../src/files/temporaries';
import { distFile } from '../../src/package-root';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-temporaries-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Another process that has begun to write a file, and keeps running. */
async function writerOf(name: string, kind = ''): Promise<{ child: ChildProcess; file: string }> {
  const script = `
    const { temporaryBeside } = require(${JSON.stringify(distFile('files/temporaries.js'))});
    const file = temporaryBeside(${JSON.stringify(path.join(folder, name))}, ${kind === '' ? undefined : `'${kind}'`});
    require('node:fs').writeFileSync(file, 'half');
    process.stdout.write(file);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [file] = await once(child.stdout, 'data');
  return { child, file: path.basename(String(file)) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const age = async (name: string, days: number): Promise<void> => {
  const then = new Date(Date.now() - days * 86_400_000);
  await utimes(path.join(folder, name), then, then);
};

describe('files left by dead processes', () => {
  test('are removed, and files of running processes are kept', async () => {
    const [dead, alive] = await Promise.all([writerOf('a.jpg'), writerOf('b.jpg')]);
    await kill(dead.child);
    const own = path.basename(temporaryBeside(path.join(folder, 'c.jpg')));
    await writeFile(path.join(folder, own), 'half');
    await writeFile(path.join(folder, 'a.jpg'), 'whole');
    try {
      expect(await sweepTemporaries([folder])).toEqual([]);
      expect((await readdir(folder)).sort()).toEqual([alive.file, own, 'a.jpg'].sort());
    } finally {
      await kill(alive.child);
    }
  });

  test('are recognised even if a later process has the same PID', async () => {
    const own = path.basename(temporaryBeside(path.join(folder, 'c.jpg')));
    // Another start time.
    const earlier = own.replace(`-${process.pid}-`, `-${process.pid}-1`);
    await writeFile(path.join(folder, earlier), 'half');
    await sweepTemporaries([folder]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('of another computer in a shared folder are kept for a day', async () => {
    const own = path.basename(temporaryBeside(path.join(folder, 'c.jpg')));
    const elsewhere = own.replace(/^\.paddlelab-[0-9a-f]{8}/, '.paddlelab-0badcafe');
    await writeFile(path.join(folder, elsewhere), 'half');
    await sweepTemporaries([folder]);
    expect(await readdir(folder)).toEqual([elsewhere]);
    await age(elsewhere, 2);
    await sweepTemporaries([folder]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('of earlier versions are removed after a day, and no other files', async () => {
    const [old, silent] = ['.paddlelab-4194999-3-a.jpg', '.silent-.paddlelab-4194999-3-a.mp4'];
    const others = ['.paddlelab-infer.jsonl', '.paddlelab-4194999-frames.jsonl', '.hidden', 'paddlelab-1-2-a.jpg'];
    for (const name of [old, silent, ...others]) {
      await writeFile(path.join(folder, name), 'x');
      await age(name, 2);
    }
    await sweepTemporaries([folder, folder, path.join(folder, 'missing')]);
    expect((await readdir(folder)).sort()).toEqual([...others].sort());
  });

  test('are kept if they are results of frames', async () => {
    await writeFile(path.join(folder, 'unfinished-frames.jsonl'), 'of another process');
    const { child } = await writerOf('frames.jsonl', 'frames');
    await kill(child);
    const kept = path.join(folder, 'unfinished-frames-2.jsonl');
    expect(await sweepTemporaries([folder])).toEqual([kept]);
    expect(await readFile(kept, 'utf8')).toBe('half');
    expect(await readdir(folder)).toHaveLength(2);
  });
});

test('two names beside one file differ, and keep its ending', () => {
  const names = [1, 2].map(() => temporaryBeside(`/tmp/${'x'.repeat(250)}.jpeg`));
  expect(new Set(names).size).toBe(2);
  for (const name of names) {
    expect(path.extname(name)).toBe('.jpeg');
    expect(path.basename(name).length).toBeLessThan(100);
  }
});
