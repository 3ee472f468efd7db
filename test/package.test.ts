import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { list } from 'tar';
import { beforeAll, expect, test } from 'vitest';
import { makeFolder } from './helpers/folders';
import { type Archives, packPackages } from './helpers/packages';
import { projectRoot } from './helpers/project';

let archives: Archives;
beforeAll(async () => {
  archives = await packPackages(makeFolder());
}, 60_000);

async function filesIn(archive: string): Promise<string[]> {
  const files: string[] = [];
  await list({ file: archive, onReadEntry: (entry) => files.push(entry.path.replace(/^package\//, '')) });
  return files.sort();
}

test('installing the package downloads nothing else: no script runs at install', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) expect(scripts).not.toHaveProperty(name);
});

test('the main package has what is needed at run time, and no tests, maps, lessons or compiled addon', async () => {
  const files = await filesIn(archives.main);
  expect(files).toEqual(
    expect.arrayContaining([
      ...['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js', 'dist/compare/child.js'],
      ...['dist/kernel/main.js', 'dist/kernel/io-worker.js', 'kernels/paddlelab/kernel.json'],
      ...['native/binding.gyp', 'native/src/binding/addon.cc', 'src/runtime/pip_download.py'],
    ]),
  );
  const unwanted = /^(test|\.cache|out|\.ci|notebooks|docs|dist\/dev)\/|\.(map|node|tsbuildinfo)$|\bbuild\//;
  expect(files.filter((file) => unwanted.test(file))).toEqual([]);
  // The issue of its size: all that `npm install paddlelab` fetches of ours.
  const sizes = await Promise.all([archives.main, archives.platform].map(async (file) => (await stat(file)).size));
  expect(sizes[0]! + sizes[1]!).toBeLessThan(12e6);
});

test('the platform’s package has the addon, the other one the lessons with their models', async () => {
  expect(await filesIn(archives.platform)).toEqual([
    ...['LICENSE', 'README.md', 'package.json', 'paddle_stubs.node', 'paddlelab.node'],
  ]);
  expect(await filesIn(archives.lessons)).toEqual(
    expect.arrayContaining(['01-quickstart.ipynb', 'images/shapes.png', 'models/shapes_det_picodet/infer_cfg.yml']),
  );
});
