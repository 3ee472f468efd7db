import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { drive, emptyFolder, errorOf, resultText } from '../helpers/jupyter';

/** Runs pairs of a cell and its expected output, in one notebook; undefined for no output. */
async function check(cells: readonly (readonly [code: string, value?: string])[]): Promise<void> {
  const results = await drive(cells.map(([code]) => code));
  const shown = results.map((result, i) => [cells[i]?.[0], errorOf(result)?.evalue ?? resultText(result)]);
  expect(shown).toEqual(cells.map(([code, value]) => [code, value]));
}

test('all cells and functions share a variable, also after a later cell reassigns it', async () => {
  await check([
    ['let count = 0; function increment() { return ++count; } const read = () => count;'],
    ['count = 100; increment()', '101'],
    ['[count, read()]', '[ 101, 101 ]'],
    ['let u; ({ a: count } = { a: 7 }); [count, u] = [count + 1, 2]; read()', '8'],
    ['function one() { return 1; } function two() { return one() + 1; } class K { static n = 1; n() { return K.n; } }'],
    ['function one() { return 10; } two()', '11'],
    [
      'const { b, ...rest } = { b: 1, c: 2 }; var [x, , y = 9] = [1, 2]; ({ b, rest, x, y, count })',
      '{ b: 1, rest: { c: 2 }, x: 1, y: 9, count: 8 }',
    ],
    ['[b, rest, x, y]', '[ 1, { c: 2 }, 1, 9 ]'],
    ['const f = () => 1; [f.name, one.name, K.name, new K().n()]', "[ 'f', 'one', 'K', 1 ]"],
    ['let q = 1; { let q = 2; q++; } ((q: number) => q)(5) + q', '6'],
    ['enum E { A, B } namespace N { export const v = 5; } [E.B, E[1], N.v]', "[ 1, 'B', 5 ]"],
    ['function whose(this: unknown) { return this === globalThis || this === undefined; } whose()', 'true'],
    ['export const given = 5; export function get() { return given; }'],
    ['get()', '5'],
    ['// @ts-ignore\nconst wrong: string = 5; wrong', '5'],
  ]);
});

test('a cell that fails keeps the names it has assigned, and leaves the others unchanged', async () => {
  await check([
    ["const kept = 'old'; const early = 0;"],
    [
      "const early = 'new'; type T = number; const kept: number = (() => { throw new Error('half-way'); })(); const late = 1;",
      'half-way',
    ],
    ['early.length', '3'],
    ['kept.toUpperCase()', "'OLD'"],
    ['late', "1:1 - Cannot find name 'late'."],
    ['const t: T = 4; t', '4'],
  ]);
});

test('changed and new files of the folder are reloaded, also when imported indirectly', async () => {
  const folder = emptyFolder();
  const write = (name: string, text: string): string =>
    `require('fs').writeFileSync(${JSON.stringify(name)}, ${JSON.stringify(text)})`;
  writeFileSync(
    path.join(folder, 'outer.ts'),
    "import { inner } from './inner'; export const outer = () => inner + 1;",
  );
  writeFileSync(path.join(folder, 'inner.ts'), 'export const inner: number = 1;');
  writeFileSync(path.join(folder, 'module.mjs'), 'export const m = 1;');
  writeFileSync(path.join(folder, 'data.json'), '{ "a": 1 }');
  const use =
    "import { outer } from './outer'; import { m } from './module.mjs'; import data from './data.json'; [outer(), m, data.a]";
  const results = await drive(
    [
      use,
      write('inner.ts', 'export const inner: number = 10;'),
      write('module.mjs', 'export const m = 20;'),
      write('data.json', '{ "a": 30, "b": 40 }'),
      use,
      'data.b',
      "import { fresh } from './fresh'; fresh",
      write('fresh.ts', 'export const fresh = 5;'),
      "import { fresh } from './fresh'; fresh",
    ],
    folder,
  );
  expect(resultText(results[0])).toBe('[ 2, 1, 1 ]');
  expect(resultText(results[4])).toBe('[ 11, 20, 30 ]');
  expect(resultText(results[5])).toBe('40');
  expect(errorOf(results[6])?.evalue).toContain("Cannot find module './fresh'");
  expect(resultText(results[8])).toBe('5');
});

test('an ES module of the folder is reloaded when its imports change, and shares unchanged modules', async () => {
  const folder = emptyFolder();
  const files: Record<string, string> = {
    'top.mjs': "import { part } from './part.mjs'; export { kept } from './kept.mjs'; export const top = () => part();",
    'other.mjs': "export { kept } from './kept.mjs'; export * as top from './top.mjs';",
    'part.mjs':
      "import data from './data.json' with { type: 'json' }; import old from './old.cjs'; export const part = () => [data.n, old.n];",
    'kept.mjs': 'export const kept = {};',
    'data.json': '{ "n": 1 }',
    'old.cjs': 'exports.n = 1;',
    'typed.ts':
      "import data from './data.json'; const old: { n: number } = require('./old.cjs'); export const typed = () => [data.n, old.n];",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const write = (name: string, text: string): string =>
    `require('fs').writeFileSync(${JSON.stringify(name)}, ${JSON.stringify(text)})`;
  const use = "import { top, kept } from './top.mjs'; import * as other from './other.mjs';";
  const show = "[top().join(), other.top.top().join(), kept === other.kept, (await import('./top.mjs')).top().join()]";
  const results = await drive(
    [
      `${use} const first = kept; ${show}`,
      write('data.json', '{ "n": 20 }'),
      `${use} ${show}`,
      write('old.cjs', 'exports.n = 20;'),
      `${use} ${show}`,
      write('part.mjs', "export const part = () => ['new'];"),
      `${use} ${show}`,
      'kept === first',
      "import { typed } from './typed'; typed()",
      `${write('data.json', '{ "n": 300 }')}; ${write('old.cjs', 'exports.n = 300;')}`,
      "import { typed } from './typed'; typed()",
    ],
    folder,
  );
  expect([0, 2, 4, 6, 7, 8, 10].map((i) => resultText(results[i]) ?? errorOf(results[i])?.traceback)).toEqual([
    "[ '1,1', '1,1', true, '1,1' ]",
    "[ '20,1', '20,1', true, '20,1' ]",
    "[ '20,20', '20,20', true, '20,20' ]",
    "[ 'new', 'new', true, 'new' ]",
    'true',
    '[ 20, 20 ]',
    '[ 300, 300 ]',
  ]);
});

test('packages that are only ES modules are imported, with types', async () => {
  const folder = emptyFolder();
  const home = path.join(folder, 'node_modules/only-esm');
  mkdirSync(home, { recursive: true });
  const manifest = { name: 'only-esm', type: 'module', exports: { import: { types: './i.d.ts', default: './i.js' } } };
  writeFileSync(path.join(home, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(home, 'i.js'), 'export const e = await Promise.resolve(42); export default 43;');
  writeFileSync(path.join(home, 'i.d.ts'), 'export const e: number; declare const d: number; export default d;');
  const results = await drive(
    [
      "import d, { e } from 'only-esm'; [d, e]",
      "import * as all from 'only-esm'; all.e",
      "(await import('only-esm')).e",
      'e.trim()',
    ],
    folder,
  );
  expect(results.slice(0, 3).map(resultText)).toEqual(['[ 43, 42 ]', '42', '42']);
  expect(errorOf(results[3])?.evalue).toContain("'trim' does not exist on type 'number'");
});
