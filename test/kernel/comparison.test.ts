import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../helpers/project';

/** The tests of the kernel and of the REPL, by their file names. */
function testFiles(): Map<string, string> {
  const folders = ['test/kernel', 'test/repl'].map((folder) => path.join(projectRoot, folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const),
  );
  return new Map(files);
}

test('each row of the comparison with other kernels names a test that there is', () => {
  const readme = readFileSync(path.join(projectRoot, 'src/kernel/README.md'), 'utf8');
  const rows = readme
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('.test.ts`: '))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(rows.length).toBeGreaterThan(15);
  const files = testFiles();
  const wrong = rows.filter((cells) => {
    const [, file = '', title = ''] = /^`([\w.-]+)`: (.+)$/.exec(cells.at(-2) ?? '') ?? [];
    return cells.length !== 8 || !files.get(file)?.includes(title);
  });
  expect(wrong).toEqual([]);
});
