import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runNotebook } from '../../src/dev/run-notebook';
import { emptyFolder } from '../helpers/jupyter';
import { writeNotebook } from '../helpers/notebooks';

test('runs a notebook in its folder and writes the executed notebook and its HTML elsewhere, with equal results each time', async () => {
  const folder = emptyFolder();
  const source = writeNotebook(path.join(folder, 'tiny.ipynb'), ["require('fs').existsSync('tiny.ipynb')", '6 * 7']);
  const before = readFileSync(source, 'utf8');
  const progress: string[] = [];
  const outDir = emptyFolder();
  const result = await runNotebook(source, { outDir, onProgress: (text) => progress.push(text) });
  expect(result).toEqual({ notebook: path.join(outDir, 'tiny.ipynb'), html: path.join(outDir, 'tiny.html') });
  expect(progress.slice(-2)).toEqual(['tiny: cell 1/2', 'tiny: cell 2/2']);
  expect(readFileSync(source, 'utf8')).toBe(before);
  const first = readFileSync(result.notebook, 'utf8');
  const outputs = JSON.parse(first).cells.map((cell: { outputs: object[] }) => cell.outputs);
  expect(outputs).toMatchObject([[{ data: { 'text/plain': ['true'] } }], [{ data: { 'text/plain': ['42'] } }]]);
  expect(readFileSync(result.html, 'utf8')).toContain('42');
  expect(first).not.toContain(folder);
  await runNotebook(source, { outDir, onProgress: () => {} });
  expect(readFileSync(result.notebook, 'utf8')).toBe(first);
});

test('nbconvert makes a page with the pictures; every output has a text, and charts have a picture for pages without scripts', async () => {
  const source = writeNotebook(path.join(emptyFolder(), 'tiny.ipynb'), [
    "({ name: 'wave', dtype: 'float32', shape: [40, 40], data: Float32Array.from({ length: 1600 }, (_, i) => Math.sin(i)) })",
    "import { Figure } from 'paddlelab';\nnew Figure([{ type: 'bar', x: ['plain', 'onednn'], y: [61, 40] }])",
    "for (const item of progress([1, 2])) console.log('item ' + item);",
  ]);
  const result = await runNotebook(source, { outDir: emptyFolder(), onProgress: () => {} });
  const page = readFileSync(result.html, 'utf8');
  const cells: { outputs: { data?: Record<string, string | string[]> }[] }[] = JSON.parse(
    readFileSync(result.notebook, 'utf8'),
  ).cells;
  const bundles = cells.map(({ outputs }) => outputs.flatMap(({ data }) => (data === undefined ? [] : [data])));
  expect(bundles.map((list) => list.length)).toEqual([1, 1, 1]);
  expect(bundles.flat().filter((data) => !('text/plain' in data))).toEqual([]);
  expect(bundles.map(([data]) => 'image/png' in (data ?? {}))).toEqual([true, true, false]);
  const pictures = bundles.flat().flatMap((data) => [data['image/png'] ?? []].flat().join('').trim() || []);
  for (const picture of pictures)
    expect(page.replaceAll(/\s/g, '')).toContain(picture.slice(0, 1000).replaceAll(/\s/g, ''));
  expect(page).toContain('item 2');
});

test('a failed cell is reported, with its traceback', async () => {
  const source = writeNotebook(path.join(emptyFolder(), 'tiny.ipynb'), [
    '1',
    "throw new RangeError('on purpose')",
    '3',
  ]);
  const run = runNotebook(source, { outDir: emptyFolder(), onProgress: () => {} });
  await expect(run).rejects.toMatchObject({
    code: 'TOOL_FAILED',
    message: expect.stringContaining('Cell 2 of tiny failed: RangeError: on purpose\n    at cell[2].ts:1:7'),
  });
});
