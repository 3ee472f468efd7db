import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LanguageRequests } from '../../src/kernel/language-requests';
import { Cells, checkCells } from '../helpers/cells';
import { folderWith } from '../helpers/folders';

// What the notebook's folder brings: its files, configuration and packages, for cells on the published TypeScript.

test("errors in the user's own files have their file and line, until they are mended", async () => {
  const folder = folderWith({
    'top.ts': "export { part } from './lib/part.ts';",
    'lib/part.ts': "\nexport const part: number = 'text';",
  });
  const cells = new Cells(folder);
  const use = "import { part } from './top'; part";
  const error = "part.ts:2:14 TS2322 Type 'string' is not assignable to type 'number'.";
  await cells.check([
    ['1', '1'],
    [use, error],
    [use, error],
  ]);
  writeFileSync(path.join(folder, 'lib/part.ts'), 'export const part: number = 5;');
  await cells.check([[use, '5']]);
  writeFileSync(path.join(folder, 'lib/part.ts'), 'export const part: number = nope;');
  await cells.check([
    [use, "part.ts:1:29 TS2304 Cannot find name 'nope'."],
    ["import equal = require('./lib/part');", "part.ts:1:29 TS2304 Cannot find name 'nope'."],
    // Not an import for the compiler: what it loads is of type any.
    ["typeof require('fs').statSync", "'function'"],
  ]);
  cells.close();
});

test('imports may have the extension .ts, attributes, and be of every kind', async () => {
  const files = {
    'a.ts': 'export const a = 1; export default 2;',
    'b.mts': "export * from './a.ts'; export const b = 3;",
    'data.json': '{ "n": 4 }',
    'plain.mjs': "import data from './data.json' with { type: 'json' }; export const n: number = 1;".replace(
      ': number',
      '',
    ),
    'plain.d.mts': 'export const n: number;',
    'old.cts': 'export = { c: 5 };',
    'types.d.ts': 'export interface Shape { size: number }',
  };
  await checkCells(files, [
    ["import two, { a } from './a.ts'; [a, two]", '[ 1, 2 ]'],
    ["import { a as again, b } from './b.mts'; [again, b]", '[ 1, 3 ]'],
    ["import data from './data.json' with { type: 'json' }; data.n", '4'],
    ["const other = await import('./data.json', { with: { type: 'json' } }); other.default.n", '4'],
    ["import { n } from './plain.mjs'; n", '1'],
    ["import old = require('./old.cts'); old.c", '5'],
    ["import { Shape } from './types'; const shape: Shape = { size: 6 }; shape.size", '6'],
    ["const wrong: Shape = { size: '' }", "1:24 TS2322 Type 'string' is not assignable to type 'number'."],
    ["(await import('./a.ts')).a", '1'],
  ]);
});

test('packages that have only types can be imported without type', async () => {
  const files = {
    'node_modules/shapes/package.json': { name: 'shapes', types: 'index.d.ts' },
    'node_modules/shapes/index.d.ts': 'export interface Box { a: 1 } export type Two = 2; export const real: number;',
    'node_modules/trees/package.json': { name: 'trees', exports: { types: './index.d.ts' } },
    'node_modules/trees/index.d.ts': 'export interface Tree { leaf: string } export interface Branch { tree: Tree }',
    'node_modules/@types/grown/package.json': { name: '@types/grown', types: 'index.d.ts' },
    'node_modules/@types/grown/index.d.ts': 'export default interface Grown { g: 1 }',
  };
  await checkCells(files, [
    ["import { Box, Two } from 'shapes'; const two: Two = 2; const box: Box = { a: 1 }; [two, box]", '[ 2, { a: 1 } ]'],
    ["import * as trees from 'trees'; const tree: trees.Tree = { leaf: 'x' }; tree", "{ leaf: 'x' }"],
    ["import Grown from 'grown'; const g: Grown = { g: 1 }; g", '{ g: 1 }'],
    ['const again: Box = { a: 2 }', "1:22 TS2322 Type '2' is not assignable to type '1'."],
    ["import { real } from 'shapes'; real", expect.stringContaining('Cannot find') as unknown as string],
  ]);
});

const CLASSES = 'const seen: unknown[] = []; function mark(target: object, name: string): void { seen.push(name); }';

test('decorators are those of the folder: with experimentalDecorators the former ones, with metadata', async () => {
  const files = {
    'tsconfig.json': `{ // with a comment
      "extends": "./base.json", "compilerOptions": { "emitDecoratorMetadata": true, } }`,
    'base.json': { compilerOptions: { experimentalDecorators: true } },
    'own.ts': `${CLASSES} export class Own { @mark a = 1; @mark m() {} } export { seen };`,
  };
  await checkCells(files, [
    [CLASSES],
    [
      '(Reflect as any).metadata = (key: string, value: unknown) => () => { seen.push([key, (value as any)?.name]); }; void 0;',
    ],
    ['class A { @mark a: string = ""; @mark m(n: number): Date { return new Date(n); } }'],
    ['seen.filter((each) => typeof each === "string")', "[ 'a', 'm' ]"],
    ["seen.some((each) => String(each) === 'design:type,String')", 'true'],
    ["import { Own, seen as inFile } from './own'; new Own(); inFile", "[ 'a', 'm' ]"],
  ]);
});

test('without it they are the standard ones', async () => {
  await checkCells({}, [
    [
      'const kinds: string[] = []; function mark(_: unknown, context: DecoratorContext): void { kinds.push(context.kind); }',
    ],
    ['class A { @mark a = 1; @mark m() {} } kinds', "[ 'method', 'field' ]"],
  ]);
});

const JSX_TYPES = 'export namespace JSX { interface IntrinsicElements { [name: string]: Record<string, unknown> } }';
const RUNTIME = {
  'node_modules/tiny/package.json': {
    name: 'tiny',
    exports: { './jsx-runtime': { types: './r.d.ts', default: './r.js' } },
  },
  'node_modules/tiny/r.js':
    'exports.jsx = exports.jsxs = (type, { children, ...props }) => ({ type, props, children }); exports.Fragment = "all";',
  'node_modules/tiny/r.d.ts': `${JSX_TYPES} export function jsx(): object; export const jsxs: typeof jsx; export const Fragment: string;`,
};

test('JSX is compiled as the folder says', async () => {
  const automatic = { compilerOptions: { jsx: 'react-jsx', jsxImportSource: 'tiny' } };
  await checkCells({ ...RUNTIME, 'tsconfig.json': automatic, 'view.tsx': 'export const view = <b id="x">1</b>;' }, [
    ['const n = 1; <i id="a">{n}</i>', "{ type: 'i', props: { id: 'a' }, children: 1 }"],
    ["import { view } from './view'; view", "{ type: 'b', props: { id: 'x' }, children: '1' }"],
    ['const first = <T,>(list: T[]): T => list[0]; first([3])', '3'],
  ]);
  const classic = { compilerOptions: { jsx: 'react', jsxFactory: 'h' } };
  await checkCells({ 'tsconfig.json': classic }, [
    ['namespace JSX { export interface IntrinsicElements { [name: string]: object } }'],
    ['declare global { namespace JSX { interface IntrinsicElements { [name: string]: object } } }'],
    ['const h = (...all: unknown[]) => all;'],
    ['<i>1</i>', "[ 'i', null, '1' ]"],
  ]);
  await checkCells({}, [['const text = <string>("x" as unknown); text', "'x'"]]);
});

test('JSX is HTML as text where the folder names no other runtime', async () => {
  const folder = {
    'tsconfig.json': { compilerOptions: { jsx: 'preserve' } },
    'part.tsx': 'export const part = <b>1</b>;',
  };
  await checkCells(folder, [
    [
      "const who = '<Ada>'; String(<p className='a' hidden style={{ fontSize: '2em' }}>Hello {who}{[1, 2]}{null}<br /></p>)",
      `'<p class="a" hidden style="font-size: 2em">Hello &#60;Ada&#62;12<br></p>'`,
    ],
    [
      'const Item = ({ name, children }: { name: string; children?: unknown }) => <li id={name}>{children as string}</li>;',
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is the cell's.
    ["`${<><Item name='x'>one</Item>{(await import('./part')).part}</>}`", `'<li id="x">one</li><b>1</b>'`],
    ["const html: any = <i>1</i>; html[Symbol.for('Jupyter.display')]()['text/html']", "'<i>1</i>'"],
    [
      '<Item />',
      "1:2 TS2741 Property 'name' is missing in type '{}' but required in type '{ name: string; children?: unknown; }'.",
    ],
    [
      '<p onClick={() => 1} />',
      'thrown: Expected text, number or boolean for attribute onClick but received ()=>1 (function)',
    ],
    ['<p>{Promise.resolve(1)}</p>', "1:4 TS2322 Type 'Promise<number>' is not assignable to type 'Child'."],
  ]);
  // As React's own, which takes its place.
  const react = {
    'node_modules/react/package.json': {
      name: 'react',
      exports: { '.': './i.js', './jsx-runtime': { types: './r.d.ts', default: './i.js' } },
    },
    'node_modules/react/i.js': "exports.jsx = exports.jsxs = () => 'react';",
    'node_modules/react/r.d.ts': `${JSX_TYPES} export function jsx(): string; export const jsxs: typeof jsx;`,
  };
  await checkCells({ ...react, 'tsconfig.json': { compilerOptions: { jsx: 'react-jsx' } } }, [['<i>1</i>', "'react'"]]);
});

test('paths of the folder are followed in cells and files, with types', async () => {
  const files = {
    'tsconfig.json': { compilerOptions: { paths: { '@/*': ['./src/*'], short: ['./src/deep/index.ts'] } } },
    'src/a.ts': "import { deep } from 'short'; export const a: number = deep + 1;",
    'src/deep/index.ts': 'export const deep = 1;',
    'src/plain.mjs': 'export const plain = 7;',
    'src/plain.d.mts': 'export const plain: number;',
  };
  const folder = folderWith(files);
  const cells = new Cells(folder);
  await cells.check([
    ["import { a } from '@/a'; a", '2'],
    ['a.trim()', "1:3 TS2339 Property 'trim' does not exist on type 'number'."],
    ["(await import('@/deep')).deep", '1'],
    ["import { plain } from '@/plain.mjs'; plain", '7'],
  ]);
  writeFileSync(path.join(folder, 'src/deep/index.ts'), 'export const deep = 5;');
  await cells.check([["import { a } from '@/a'; a", '6']]);
  cells.close();
});

test('a configuration that can not be read is the error of a cell', async () => {
  await checkCells({ 'tsconfig.json': '{ "extends": "./none.json" }' }, [
    ['1', expect.stringMatching(/^thrown: Can't read .*tsconfig\.json: /) as unknown as string],
  ]);
});

test('a cell can define a module for others, as in tslab', async () => {
  await checkCells({}, [
    [
      '/** @module mylib */ export const a: string = 1;',
      "1:35 TS2322 Type 'number' is not assignable to type 'string'.",
    ],
    ['/** @module mylib */ export const a: number = 5;'],
    ["import { a } from './mylib'; a + 1", '6'],
    ['/** @module mylib */ export const a: number = 7;'],
    ["import { a } from './mylib'; a + 1", '8'],
    ['a.trim()', "1:3 TS2339 Property 'trim' does not exist on type 'number'."],
    ['/** @browser */ document.title'],
  ]);
});

test('the libraries are what this Node has', async () => {
  const cells = new Cells(folderWith({}));
  const has = async (expression: string): Promise<boolean> =>
    !(await cells.run(`typeof ${expression}`))?.includes('TS');
  for (const [expression, exists] of [
    ['Map.groupBy', 'groupBy' in Map],
    ['Promise.withResolvers', 'withResolvers' in Promise],
    ['new Set<number>().union', 'union' in Set.prototype],
    ['Array.fromAsync', 'fromAsync' in Array],
    ['[].values().map', 'Iterator' in globalThis],
    ['RegExp.escape', 'escape' in RegExp],
    ["''.isWellFormed", 'isWellFormed' in String.prototype],
  ] as const)
    expect([expression, await has(expression)]).toEqual([expression, exists]);
  cells.close();
});

test('a package of the same repository may consist of TypeScript, and is loaded again when it changes', async () => {
  const folder = folderWith({
    'packages/shared/package.json': { name: '@own/shared', main: 'src/index.ts', types: 'src/index.ts' },
    'packages/shared/src/index.ts': "export { size } from './size';",
    'packages/shared/src/size.ts': 'export const size: number = 3;',
  });
  mkdirSync(path.join(folder, 'node_modules/@own'), { recursive: true });
  symlinkSync('../../packages/shared', path.join(folder, 'node_modules/@own/shared'));
  const cells = new Cells(folder);
  const use = "import { size } from '@own/shared'; size";
  await cells.check([[use, '3']]);
  writeFileSync(path.join(folder, 'packages/shared/src/size.ts'), 'export const size: string = "4";');
  await cells.check([
    [use, "'4'"],
    ['size.toFixed()', "1:6 TS2551 Property 'toFixed' does not exist on type 'string'. Did you mean 'fixed'?"],
  ]);
  writeFileSync(path.join(folder, 'packages/shared/src/size.ts'), 'export const size: string = 5;');
  await cells.check([[use, "size.ts:1:14 TS2322 Type 'number' is not assignable to type 'string'."]]);
  cells.close();
});

test("packages in pnpm's layout are found, with types", async () => {
  const folder = folderWith({
    'node_modules/.pnpm/outer@1/node_modules/outer/package.json': { name: 'outer', types: 'i.d.ts', main: 'i.js' },
    'node_modules/.pnpm/outer@1/node_modules/outer/i.js': "exports.outer = require('inner').inner + 1;",
    'node_modules/.pnpm/outer@1/node_modules/outer/i.d.ts': "import { Inner } from 'inner'; export const outer: Inner;",
    'node_modules/.pnpm/inner@1/node_modules/inner/package.json': { name: 'inner', types: 'i.d.ts', main: 'i.js' },
    'node_modules/.pnpm/inner@1/node_modules/inner/i.js': 'exports.inner = 1;',
    'node_modules/.pnpm/inner@1/node_modules/inner/i.d.ts': 'export type Inner = number; export const inner: Inner;',
  });
  symlinkSync('.pnpm/outer@1/node_modules/outer', path.join(folder, 'node_modules/outer'));
  const inner = path.join(folder, 'node_modules/.pnpm/outer@1/node_modules/inner');
  symlinkSync('../../inner@1/node_modules/inner', inner);
  const cells = new Cells(folder);
  await cells.check([
    ["import { outer } from 'outer'; outer", '2'],
    ['outer.trim()', "1:7 TS2339 Property 'trim' does not exist on type 'number'."],
  ]);
  cells.close();
});

test('completion names what could be imported, with its module, after all else; inspection has hints', async () => {
  const parts = '/** @deprecated use other */ export function oldPart(): void {} export const partsOfAll = 1;';
  const files = {
    'parts.ts': parts,
    'package.json': { dependencies: { helpful: '1' } },
    'node_modules/helpful/package.json': { name: 'helpful', types: 'index.d.ts' },
    'node_modules/helpful/index.d.ts': 'export function partsOfHelp(): void; export function partsOfCells(): void;',
  };
  const cells = new Cells(folderWith(files));
  const { session } = cells;
  await cells.check([["import { oldPart } from './parts';"], ['const partsOfCells = 1;']]);
  const { candidates } = await session.complete('partsOf', 7);
  expect(candidates.map(({ name, importFrom }) => [name, importFrom])).toEqual([
    ['partsOfCells', undefined],
    ['partsOfAll', './parts'],
    ['partsOfHelp', 'helpful'],
  ]);
  const reply = await new LanguageRequests(session).complete({ code: 'partsOfHe', cursor_pos: 9 });
  expect(reply).toMatchObject({
    matches: ['partsOfHelp'],
    metadata: { _jupyter_types_experimental: [{ text: 'partsOfHelp', type: 'from helpful', start: 0, end: 9 }] },
  });
  expect((await session.complete('Math.sq', 7)).candidates.every(({ importFrom }) => importFrom === undefined)).toBe(
    true,
  );
  const text = 'function f() { const spare = 1; oldPart(); } f()';
  expect(await session.inspect(text, text.indexOf('spare') + 2)).toMatch(/^const spare: 1\n\n.*never read/);
  expect(await session.inspect(text, text.indexOf('oldPart') + 2)).toMatch(/oldPart.*\n[\s\S]*deprecated/);
  await cells.check([[text]]);
  expect(await session.inspect('[1].indexOf(', 12)).toContain('indexOf(searchElement: number');
  cells.close();
});
