import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KernelClient } from '../../src/repl/kernel-client';
import { emptyFolder, errorOf, resultText, runCell, startKernel, streamText } from '../helpers/jupyter';

let kernel: KernelClient;
beforeAll(async () => {
  const folder = emptyFolder();
  makePackage(path.join(folder, 'node_modules'));
  kernel = startKernel(folder);
  await kernel.ready();
});
afterAll(() => kernel.close());

/** A package like arktype: the type of its values is declared in a nested package that it does not export. */
function makePackage(modules: string): void {
  const inner = path.join(modules, 'shapely/node_modules/inner');
  mkdirSync(inner, { recursive: true });
  const outer = path.dirname(path.dirname(inner));
  const manifest = (name: string) => JSON.stringify({ name, version: '1.0.0', main: 'index.js', types: 'index.d.ts' });
  writeFileSync(path.join(outer, 'package.json'), manifest('shapely'));
  writeFileSync(path.join(outer, 'index.js'), 'exports.shape = (of) => ({ of, check: (value) => typeof value });');
  const declaration = "import { Inner } from 'inner'; export declare function shape<T>(of: T): Inner<T>;";
  writeFileSync(path.join(outer, 'index.d.ts'), declaration);
  writeFileSync(path.join(inner, 'package.json'), manifest('inner'));
  writeFileSync(path.join(inner, 'index.js'), '');
  const innerDeclaration = 'export interface Inner<T> { readonly of: T; check(value: unknown): string }';
  writeFileSync(path.join(inner, 'index.d.ts'), innerDeclaration);
}

async function shown(code: string): Promise<string | undefined> {
  const result = await runCell(kernel, code);
  expect(errorOf(result)?.evalue).toBeUndefined();
  return resultText(result) as string | undefined;
}

test("promises and timers show as in Node, without the kernel's tracking symbols", async () => {
  expect(await shown('Promise.resolve(42)')).toBe('Promise { 42 }');
  expect(await shown('[new Promise(() => {}), Promise.reject(1).catch(() => 2)]')).toBe(
    '[ Promise { <pending> }, Promise { 2 } ]',
  );
  const other = await shown(
    "[setTimeout(() => 0, 0), setImmediate(() => 0), new (require('async_hooks').AsyncResource)('own')]",
  );
  expect(other).toContain('Timeout {');
  expect(other).not.toMatch(/kResourceStore|execute_request|async_id_symbol/);
});

test.each([
  "require('node:child_process').spawn('true')",
  "require('node:net').createServer().listen(0, '127.0.0.1').unref()",
  "require('node:net').connect('/no/such/socket').on('error', () => {})",
  'new MessageChannel().port1',
  "require('node:fs').createReadStream('/dev/null')",
  "require('node:http').createServer().listen(0, '127.0.0.1').unref()",
  "new (require('node:worker_threads').Worker)('', { eval: true })",
])('%s shows as in Node', async (code) => {
  expect(await shown(`require('node:util').inspect(${code}, { depth: 6 })`)).not.toMatch(
    /kResourceStore|execute_request/,
  );
});

test('errors show the frames of cells with the cells’ own lines, wherever they are', async () => {
  await shown("function fail() {\n  return new Error('outer', { cause: new TypeError('inner') });\n}");
  const text = String(await shown('[{ failed: fail() }]'));
  expect(text).toMatch(/Error: outer\n +at fail \(cell\[\d+\]\.ts:2:10\)\n +at cell\[\d+\]\.ts:1:12/);
  expect(text).toMatch(/\[cause\]: TypeError: inner\n +at fail \(cell\[\d+\]\.ts:2:38\)/);
  const printed = await runCell(kernel, "console.log(new AggregateError([fail()], 'all'))");
  const both = text + streamText(printed, 'stdout');
  expect(both).toContain('AggregateError: all\n    at cell[');
  expect(both).not.toMatch(/node:|tslab|dist\/kernel/);
  // The error itself is unchanged.
  expect(await shown("fail().stack!.includes('node:')")).toBe('true');
});

test('errors of any kind show as in Node', async () => {
  expect(await shown('const aborter = new AbortController(); aborter.abort(); aborter.signal.reason')).toContain(
    'DOMException [AbortError]: This operation was aborted',
  );
  expect(await shown("Object.freeze(new Error('frozen'))")).toContain('Error: frozen');
  const own = "class Own extends Error { #text = 'hidden'; override get message() { return this.#text; } } new Own()";
  expect(await shown(own)).toContain('Own');
  expect(await shown("const round: any = new Error('round'); round.self = round; round")).toContain(
    'self: [Circular *1]',
  );
});

test('cells may use ES2023 features that Node supports, and no others', async () => {
  expect(await shown('[3, 1, 2].toSorted((a, b) => b - a)')).toBe('[ 3, 2, 1 ]');
  expect(await shown('[1, 2, 3].toSpliced(0, 1).with(0, 7).toReversed()')).toBe('[ 3, 7 ]');
  expect(await shown('[1, 2, 3].findLast((value) => value < 3)')).toBe('2');
  expect(await shown('new Float32Array([2, 1]).toSorted().length')).toBe('2');
  expect(await shown("const fixed: readonly string[] = ['b', 'a']; fixed.toSorted()")).toBe("[ 'a', 'b' ]");
  expect(errorOf(await runCell(kernel, '[1].toNothing()'))?.ename).toBe('TypeScriptError');
});

test('a value whose type is internal to a package does not fail its cell, and keeps its type', async () => {
  await shown("import { shape } from 'shapely'; const named = shape({ side: 'number' })");
  expect(await shown("named.check('text').toUpperCase()")).toBe("'STRING'");
  expect(await shown('named.of.side.length')).toBe('6');
  expect(errorOf(await runCell(kernel, 'named.of.noSuchSide'))?.ename).toBe('TypeScriptError');
});

test("null checks are on if the folder's tsconfig.json enables them, also through extends", async () => {
  const optional = 'let size: number = undefined;\nsize === undefined';
  expect(await shown(optional)).toBe('true');
  const folder = emptyFolder();
  writeFileSync(path.join(folder, 'base.json'), '{ "compilerOptions": { "strict": true } }');
  writeFileSync(path.join(folder, 'tsconfig.json'), '{ /* as tsc reads it */ "extends": "./base.json" }');
  const strict = startKernel(folder);
  try {
    const refused = errorOf(await runCell(strict, optional));
    expect(refused?.evalue).toBe("1:5 - Type 'undefined' is not assignable to type 'number'.");
    expect(resultText(await runCell(strict, '[1, undefined].map((one) => one ?? 2)'))).toBe('[ 1, 2 ]');
  } finally {
    await strict.close();
  }
});
