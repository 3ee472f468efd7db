import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot, runProcess } from './helpers/project';

test('installing the package downloads nothing else: no script runs at install', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) expect(scripts).not.toHaveProperty(name);
});

test('the package contains all files needed at run time, and no tests or local files', async () => {
  const { stdout } = await runProcess('npm', ['pack', '--dry-run', '--ignore-scripts', '--json']);
  const [packed] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const files = packed.files.map((file) => file.path);
  expect(files).toEqual(
    expect.arrayContaining([
      'dist/index.js',
      'dist/index.d.ts',
      'dist/cli/main.js',
      'dist/compare/child.js',
      'dist/kernel/main.js',
      'dist/kernel/io-worker.js',
      'kernels/paddlelab/kernel.json',
      'native/build/Release/paddlelab.node',
      'native/build/Release/paddle_stubs.node',
      'src/runtime/pip_download.py',
    ]),
  );
  expect(files.filter((file) => /^(test|\.cache|out|\.ci)\//.test(file) || file.includes('obj.target'))).toEqual([]);
});
