import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { comparisonRows, expectedCells, observationsOfOthers, versionLine } from '../helpers/comparison-table';
import { projectRoot } from '../helpers/project';

/** The tests of the kernel and of the REPL, by file name. */
function testFiles(): Map<string, string> {
  const folders = ['test/kernel', 'test/repl'].map((folder) => path.join(projectRoot, folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const),
  );
  return new Map(files);
}

test('each row of the comparison with other kernels names an existing test', () => {
  const rows = comparisonRows();
  expect(rows.length).toBeGreaterThan(15);
  const files = testFiles();
  const wrong = rows.filter(({ test: named }) => {
    const [, file = '', title = ''] = /^`([\w.-]+)`: (.+)$/.exec(named) ?? [];
    return !files.get(file)?.includes(title);
  });
  expect(wrong).toEqual([]);
});

// The observations are saved by test/long/other-kernels.test.ts, which tries the other kernels.
test('the comparison shows exactly what was observed of other kernels', () => {
  const seen = observationsOfOthers();
  const rows = comparisonRows();
  expect(rows.map(({ title, others }) => [title, others])).toEqual(
    rows.map(({ title }) => [title, expectedCells(title, seen)]),
  );
  expect(Object.keys(seen.rows).filter((title) => !rows.some((row) => row.title === title))).toEqual([]);
  expect(readFileSync(path.join(projectRoot, 'src/kernel/README.md'), 'utf8')).toContain(`\n${versionLine(seen)}`);
});
