import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Case, Cells } from '../helpers/cells';
import { makeFolder } from '../helpers/folders';

// Cells on the published TypeScript, in one session of this process.

let cells: Cells;
let folder: string;
let session: Cells['session'];
let compiler: Cells['compiler'];

beforeAll(() => {
  folder = makeFolder();
  cells = new Cells(folder);
  ({ session, compiler } = cells);
});
afterAll(() => cells.close());

const run = (source: string): Promise<string | undefined> => cells.run(source);
const check = (all: readonly Case[]): Promise<void> => cells.check(all);

test('newer syntax runs on every Node', async () => {
  await check([
    ['const log: string[] = [];'],
    ["{ using a = { [Symbol.dispose]() { log.push('disposed'); } }; log.push('used'); } log", "[ 'used', 'disposed' ]"],
    ["{ await using a = { async [Symbol.asyncDispose]() { log.push('later'); } }; } log.at(-1)", "'later'"],
    ["using top = { [Symbol.dispose]() { log.push('top'); } }; log.length", '3'],
    ['log.at(-1)', "'top'"],
    ['function kind(_: unknown, context: DecoratorContext) { log.push(context.kind); }'],
    [
      '@kind class D { @kind m() {} @kind accessor a = 1; @kind f = 2; } [new D().a, D.name, log.slice(4).join()]',
      "[ 1, 'D', 'method,accessor,field,class' ]",
    ],
    ['class S { static #n = 1; static { S.#n += 1; } static has(v: object) { return #n in v; } } S.has(S)', 'true'],
    ['const checked = { a: 1, b: 2 } satisfies Record<string, number>; checked.a', '1'],
    [
      'function first<const T extends readonly unknown[]>(list: T): T[0] { return list[0]; } const one: 1 = first([1, 2]); one',
      '1',
    ],
    [
      "const groups = Map.groupBy === undefined ? 'older' : 'newer'; typeof groups",
      Number(process.versions.node.split('.')[0]) >= 22
        ? "'string'"
        : "1:20 TS2550 Property 'groupBy' does not exist on type 'MapConstructor'. Do you need to change your target library? Try changing the 'lib' compiler option to 'es2024' or later.",
    ],
    ['[3, 1, 2].toSorted().with(0, 9)', '[ 9, 2, 3 ]'],
    [
      'const strings = [1, undefined, 2].filter((x) => x !== undefined).map((x) => x.toFixed()); strings',
      "[ '1', '2' ]",
    ],
    ["'a-b'.replace(/(?<x>a)/v, '$<x>$<x>')", "'aa-b'"],
    ['const enum C { A = 3 } C.A', '3'],
    [
      'abstract class Q<in out T> { abstract m(): T } class R extends Q<number> { override m() { return 4; } } new R().m()',
      '4',
    ],
    [
      'function over(a: string): 1; function over(a: number): 2; function over(a: unknown): any { return typeof a; } over(1)',
      "'number'",
    ],
    ['namespace A.B { export const v = 1; } import short = A.B; short.v', '1'],
    ["import path = require('node:path'); path.join('a', 'b')", "'a/b'"],
    ["import.meta.filename.endsWith('notebook.ts')", 'true'],
  ]);
});

test('an enum, a namespace or a class declared again is a new one', async () => {
  await check([
    ['enum E { A, B } namespace N { export let v = 1; } class K { a = 1 } interface I { a: 1 } const old = new K();'],
    ['enum E { C } namespace N { export let w = 2; } class K { b = 2 } interface I { b: 2 }'],
    ['[E.C, (E as any).A, N.w, (N as any).v, new K().b, old.a]', '[ 0, undefined, 2, undefined, 2, 1 ]'],
    ['old.b', "1:5 TS2339 Property 'b' does not exist on type 'K'."],
  ]);
});

test('an assignment to a name of an earlier cell is checked like one in the same cell', async () => {
  await check([
    ['let v = 1; const c = 1; function f() {} class K {} enum E { A } let u: string | undefined; const o = { n: 1 };'],
    ["v = 'text'", "1:1 TS2322 Type 'string' is not assignable to type 'number'."],
    ['c = 2', "1:1 TS2588 Cannot assign to 'c' because it is a constant."],
    ['f = () => {}', "1:1 TS2630 Cannot assign to 'f' because it is a function."],
    ['K = class {}', "1:1 TS2629 Cannot assign to 'K' because it is a class."],
    ['E = {}', "1:1 TS2628 Cannot assign to 'E' because it is an enum."],
    ['o.n = 2; v += 1; [v, o.n]', '[ 2, 2 ]'],
    ["[v, u] = [v + 1, 'x']; ({ n: v } = { n: v + 1 }); for (v of [7]) {} [v, u]", "[ 7, 'x' ]"],
    ['let widened = c; widened = 5; widened', '5'],
  ]);
});

test('a type that can not be named does not fail a cell, and stays known in later cells', async () => {
  const home = path.join(folder, 'node_modules/secretive');
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'package.json'), '{ "name": "secretive", "types": "index.d.ts" }');
  writeFileSync(path.join(home, 'index.js'), 'exports.make = () => ({ x: 1 });');
  const hidden = 'declare const key: unique symbol; interface Hidden { [key]: 1; x: number }';
  writeFileSync(path.join(home, 'index.d.ts'), `${hidden} export function make(): Hidden;`);
  await check([
    ["import { make } from 'secretive'; const made = make(); const both = { a: make(), list: [make()] };"],
    ['class Local { private p = 1; m() { return both; } } const later = new Local().m();'],
    ['later.list[0].x.toFixed(1)', "'1.0'"],
    ['later.a.y', "1:9 TS2339 Property 'y' does not exist on type 'Hidden'."],
  ]);
});

test('errors have the position in the cell, also behind its end and among CJK and emoji', async () => {
  await check([
    ['\n\n  noSuchName', "3:3 TS2304 Cannot find name 'noSuchName'."],
    ["const 变量 = '😀'; 变量.nope", "1:21 TS2339 Property 'nope' does not exist on type '\"😀\"'."],
    ['Math.max(', "1:10 TS1005 ')' expected."],
    ['const a = ;', '1:11 TS1109 Expression expected.'],
    [
      'const deep: { a: { b: number } } = { a: { b: 1 } }; const text: { a: { b: string } } = deep;',
      "1:59 TS2322 Type '{ a: { b: number; }; }' is not assignable to type '{ a: { b: string; }; }'.\n1:59 TS2322 The types of 'a.b' are incompatible between these types.\n1:59 TS2322 Type 'number' is not assignable to type 'string'.",
    ],
  ]);
});

test('stack traces have the lines and columns of the cell', async () => {
  const file = cells.nextFile;
  const outcome = await session.execute(
    'interface Gone { a: 1 }\n\nexport const x = 1, failing = () => {\n  throw new Error("x");\n};\nfailing();',
    file,
  );
  const stack = outcome.kind === 'thrown' ? String((outcome.error as Error).stack) : '';
  const places = [...stack.matchAll(/cell\[\d+\]\.ts:(\d+):(\d+)/g)].map(([, line, column]) =>
    session.maps.original(file, Number(line), Number(column)),
  );
  expect(places.slice(-3)).toEqual([{ line: 4, column: 9 }, { line: 6, column: 1 }, undefined]);
});

test('completion knows members, names of the notebook and helpers; inspection has types and documentation', async () => {
  await run('/** Adds one. */\nfunction plusOne(n: number): number { return n + 1; }\nconst 数据 = { 长度: 1 };');
  const names = async (source: string, at = source.length) =>
    (await session.complete(source, at)).candidates.map(({ name }) => name);
  expect(await names('Math.sqr')).toEqual(['sqrt', 'SQRT1_2', 'SQRT2']);
  expect((await names('JSON.')).sort()).toEqual(['parse', 'stringify']);
  expect(await names('plusO')).toEqual(['plusOne']);
  expect(await names('compareB')).toEqual(['compareBackends']);
  expect(await names('数据.')).toEqual(['长度']);
  expect(await names("const e = '😀'; e.toUp")).toEqual(['toUpperCase']);
  expect(await session.complete('x + Math.sqrt(2)', 11)).toMatchObject({ start: 9, end: 13 });
  expect(await names('__cel')).toEqual([]);
  expect(await session.inspect('plusOne', 7)).toBe('function plusOne(n: number): number\n\nAdds one.');
  expect(await session.inspect('noSuchName', 3)).toBeUndefined();
  expect(await session.inspect('plusOne(1, ', 11)).toBe('plusOne(n: number): number\n\nAdds one.');
  expect(await session.inspect('[1].indexOf(1, ', 15)).toMatch(
    /^indexOf\(searchElement: number, fromIndex\?: number\): number\n\nReturns the index/,
  );
});

test('a function is in scope before its line, also in a cell that begins with a name of an earlier one', async () => {
  await check([['let begun = 0;'], ['begun++; early(); function early() { begun += 10; }'], ['begun', '11']]);
});

test('a cell that fails keeps the names that it has assigned', async () => {
  await check([
    ["const kept = 'old'; const early = 0;"],
    [
      "const early = 'new'; type T = number; const kept: number = (() => { throw new Error('half-way'); })(); const late = 1;",
      'thrown: half-way',
    ],
    ['early.length', '3'],
    ['kept.toUpperCase()', "'OLD'"],
    ['late', "1:1 TS2552 Cannot find name 'late'. Did you mean 'later'?"],
    ['const t: T = 4; t', '4'],
  ]);
});

test('when the server is killed, no variable and no type is lost', async () => {
  await run('let survivor = { deep: [1] };');
  process.kill(compiler.server.pid ?? 0, 'SIGKILL');
  expect(await run("survivor.deep.push('x')")).toContain("'string' is not assignable to parameter of type 'number'");
  process.kill(compiler.server.pid ?? 0, 'SIGKILL');
  expect(await run('survivor.deep.push(2); survivor')).toBe('{ deep: [ 1, 2 ] }');
});

test('a cell that is run again and again does not add documents', async () => {
  const begun = compiler.documents.size;
  for (let i = 0; i < 40; i += 1) await run(`const again = ${i}; function useAgain() { return again; }`);
  expect(await run('useAgain()')).toBe('39');
  expect(compiler.documents.size - begun).toBeLessThanOrEqual(2);
});

/** A type with so many parts that its check takes minutes. */
const ENDLESS = `
  type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
  type Digits = \`\${Digit}\${Digit}\${Digit}\${Digit}\`;
  type Less<N extends number, L extends 0[] = []> = [...L, 0]['length'] extends N ? L['length'] : Less<N, [...L, 0]>;
  type Grow<T, D extends number = 40> = D extends 0 ? T : { [K in Digits]: Grow<[T, K], Less<D>> };
  declare const grown: Grow<1>;
  const same: Grow<2> = grown;`;

test('an interrupt ends a cell that the server checks for ever, and the next one runs', async () => {
  await run('let before = 5;');
  const { pid } = compiler.server;
  const outcome = session.execute(ENDLESS, cells.nextFile);
  await vi.waitFor(() => expect(compiler.server.isBusy).toBe(true));
  session.interrupt();
  expect(await outcome).toMatchObject({ kind: 'thrown', error: { name: 'Interrupted' } });
  expect(await run('before += 1; before')).toBe('6');
  expect(compiler.server.pid).not.toBe(pid);
});

test('what waited for the compiler when V8 dropped it does not keep the next cell waiting', async () => {
  await run('let left = 1;');
  // As a termination leaves it: nobody will ever settle this.
  Object.assign(compiler, { turn: new Promise(() => {}) });
  compiler.interrupt();
  expect(await run('left + 1')).toBe('2');
});

test('a server that is killed at any moment loses nothing', async () => {
  await run('let sum = 0; const parts: number[] = [];');
  let state = 11;
  for (let round = 0; round < 8; round += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const delay = (state >>> 16) % 40;
    const kill = setTimeout(() => compiler.server.pid && process.kill(compiler.server.pid, 'SIGKILL'), delay);
    for (let part = 0; part < 4; part += 1) {
      const name = `k${round}_${part}`;
      expect(await run(`const ${name} = ${part}; sum += ${name}; parts.push(${name}); sum`)).toBe(
        String(round * 6 + (part * (part + 1)) / 2),
      );
    }
    clearTimeout(kill);
  }
  expect(await run('parts.length')).toBe('32');
  expect(await run('sum = parts')).toContain("TS2322 Type 'number[]' is not assignable to type 'number'.");
});

test('a value computed from those of earlier cells has the type that was inferred, in every later cell', async () => {
  await check([
    ['const base = { n: 1, list: [1] }; let flag: boolean | undefined; class Map { own = 1 }'],
    [
      'const next = { n: base.n + 1, list: base.list.map(String) }, pair = [base.n, base.list] as const; const five = base.n ? 5 : 6;',
    ],
    [
      'const after = next.list[0].length, call = (x: number) => next.n + x; const m = new Map(), g = new globalThis.Map([[base.n, next]]);',
    ],
    ['let widened = five; widened = 7; [after, call(2), m.own, g.get(1)?.list]', "[ 1, 4, 1, [ '1' ] ]"],
    ['after.trim()', "1:7 TS2339 Property 'trim' does not exist on type 'number'."],
    ["call('x')", "1:6 TS2345 Argument of type 'string' is not assignable to parameter of type 'number'."],
    ['pair[2]', "1:6 TS2493 Tuple type 'readonly [number, number[]]' of length '2' has no element at index '2'."],
    ['m.get', "1:3 TS2339 Property 'get' does not exist on type 'Map'."],
    ['class Map { other = 2 } new Map().other', '2'],
    ['m.own', '1'],
  ]);
});

test('a cell may add to modules and to the global scope, declare what exists elsewhere, and export without a name', async () => {
  await check([
    ['declare global { interface Array<T> { lastOne(): T } var topic: string; }'],
    [
      "Array.prototype.lastOne = function () { return this[this.length - 1]; }; globalThis.topic = 'x'; [1, 2].lastOne()",
      '2',
    ],
    ['topic', "'x'"],
    ["declare module 'node:fs' { interface Stats { own: 1 } }"],
    ["const wrong: import('node:fs').Stats['own'] = 2", "1:7 TS2322 Type '2' is not assignable to type '1'."],
    ['(globalThis as any).outside = 7; declare const outside: number; outside', '7'],
    ['outside + 1', '8'],
    ["export default function () { return 4 } 'rest'", "'rest'"],
    ['export default class {}'],
    ['export = 5'],
    ["let unfinished = 'x'; unfinished.", '1:34 TS1003 Identifier expected.'],
    ['yield', expect.stringMatching(/^1:1 TS1214 Identifier expected/) as unknown as string],
  ]);
  Reflect.deleteProperty(Array.prototype, 'lastOne');
  session.reset();
  await check([['topic', "1:1 TS2304 Cannot find name 'topic'."]]);
});
