import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type * as Session from '../../src/kernel/session';
import type * as Messages from '../../src/kernel/thread-messages';
import type * as Internals from '../../src/kernel/tslab/internals';
import type * as Compiler from '../../src/kernel/tslab/tslab-compiler';
import { distFile } from '../../src/package-root';

// One test for each use of tslab's internals. If a new version of tslab breaks one, the message names it.

const require = createRequire(__filename);
const { TypeScriptSession }: typeof Session = require(distFile('kernel/session.js'));
const { SharedState }: typeof Messages = require(distFile('kernel/thread-messages.js'));
const internals: typeof Internals = require(distFile('kernel/tslab/internals.js'));

let session: Session.TypeScriptSession;
let compiler: Compiler.TslabCompiler;

beforeAll(() => {
  session = new TypeScriptSession(process.cwd(), new SharedState(), 'tslab');
  compiler = session.compiler as Compiler.TslabCompiler;
});

async function value(source: string): Promise<unknown> {
  const outcome = await session.execute(source, 'cell[1].ts');
  return outcome.kind === 'done' ? outcome.value : outcome;
}

function seam(name: string): string {
  return `tslab seam "${name}" does not hold any more`;
}

describe('tslab', () => {
  test('is the version that the seams were written for, and is pinned', () => {
    const { version } = require('tslab/package.json');
    const { dependencies } = require('../../package.json');
    expect(version, seam('version')).toBe('1.0.22');
    expect(dependencies.tslab, seam('version')).toBe(version);
  });

  test('loads its compiler from a package that can be replaced in the module cache', () => {
    const seen = createRequire(path.join(internals.tslabFolder(), 'dist/converter.js'))('@tslab/typescript-for-tslab');
    expect(seen.version, seam('typescript package')).toBe(internals.typeScriptVersion());
    expect(seen.createWatchCompilerHost, seam('typescript package')).not.toBe(compiler.ts.createWatchCompilerHost);
  });

  test('fixes its compiler options in createWatchCompilerHost', async () => {
    expect(await value('await (40 + 2)'), seam('createWatchCompilerHost: disableTopLevelAwait')).toBe(42);
    expect(await value('[1, 2].findLast((n) => n < 2)'), seam('createWatchCompilerHost: lib')).toBe(1);
    const types = await session.inspect("import { PaddleLabError } from 'paddlelab'", 12);
    expect(types, seam('createWatchCompilerHost: paths')).toContain('class PaddleLabError');
  });

  test('converts a cell to code, declarations and the name of the last value', () => {
    const converter = compiler.tslab.converter.createConverter({ isJS: false, isBrowser: false });
    const result = converter.convert('declare const before: number;', 'const after = before + 1; after');
    converter.close();
    expect(result.diagnostics, seam('createConverter: diagnostics')).toEqual([]);
    expect(result.output, seam('createConverter: output')).toContain('exports.before');
    expect(result.declOutput, seam('createConverter: declOutput')).toContain('declare const after: number');
    expect(result.lastExpressionVar, seam('createConverter: lastExpressionVar')).toMatch(/^tsLastExpr/);
  });

  test('gives diagnostics with positions from zero', async () => {
    const outcome = await session.execute('1;\n  noSuchName', 'cell[1].ts');
    expect(outcome, seam('createConverter: diagnostics')).toMatchObject({
      kind: 'diagnostics',
      diagnostics: [{ start: { line: 1, character: 2 }, end: { line: 1, character: 12 }, code: 2304 }],
    });
  });

  test('reads the name of a module that a cell defines from its first comment', async () => {
    const { getCodeMetadata } = compiler.tslab.metadata;
    expect(getCodeMetadata('/** @module mylib */ export {}'), seam('getCodeMetadata')).toEqual({ module: 'mylib' });
    expect(getCodeMetadata('/** @browser */ 1'), seam('getCodeMetadata')).toEqual({ mode: 'browser' });
    const wrong = await session.execute('/** @module mylib */ export const a: string = 1;', 'cell[1].ts');
    expect(wrong, seam('addModule: diagnostics')).toMatchObject({ kind: 'diagnostics', diagnostics: [{ code: 2322 }] });
    expect(await value('/** @module mylib */ export const a: number = 5;'), seam('addModule')).toBeUndefined();
    expect(await value("import { a } from './mylib'; a + 1"), seam('addModule')).toBe(6);
  });

  test('compiles in two steps, of which the second is transpileModule', async () => {
    const error = (await value('interface A { a: 1 }\n\n  new Error()')) as Error;
    const [, line, column] = /cell\[1]\.ts:(\d+):(\d+)/.exec(String(error.stack)) ?? [];
    const origin = session.maps.original('cell[1].ts', Number(line), Number(column));
    expect(origin, seam('transpileModule')).toEqual({ line: 3, column: 3 });
  });

  test('completes, documents, and detects incomplete code', async () => {
    const completion = await session.complete('Math.sqr', 8);
    expect(completion, seam('converter.complete')).toMatchObject({ start: 5, end: 8 });
    expect(completion.candidates, seam('converter.complete')).toContainEqual({ name: 'sqrt', kind: 'method' });
    const text = await session.inspect('Math.sqrt', 7);
    expect(text, seam('converter.inspect and printQuickInfo')).toContain('sqrt(x: number)');
    const { isCompleteCode } = compiler.tslab.converter;
    expect(isCompleteCode('f(() => {'), seam('isCompleteCode')).toMatchObject({ completed: false, indent: '  ' });
  });

  test('shows by lastWriteDisplayData', async () => {
    const shown: unknown[] = [];
    session.onTslabDisplay = (data, update) => shown.push([data.data, Boolean(update)]);
    await value(
      "import { newDisplay } from 'tslab'; const d = newDisplay(); d.html('<b>'); d.png(new Uint8Array([1]));",
    );
    expect(shown, seam('lastWriteDisplayData')).toEqual([
      [{ 'text/html': '<b>' }, false],
      [{ 'image/png': 'AQ==' }, true],
    ]);
  });

  test('can create plain programs, and binds a file on demand', async () => {
    expect(compiler.ts.createAbstractBuilder, seam('createAbstractBuilder')).toBeTypeOf('function');
    const file = compiler.ts.createSourceFile(
      'a.ts',
      'const a = 1; { const b = a; }',
      compiler.ts.ScriptTarget.ES2022,
      true,
    );
    internals.bindSourceFile(compiler.ts, file, {});
    const { locals } = file as unknown as { locals?: Map<string, unknown> };
    expect([...(locals?.keys() ?? [])], seam('bindSourceFile')).toEqual(['a']);
  });

  test("watches files through the compiler's system object, which is replaced", async () => {
    const file = path.join(process.cwd(), `seam-${process.pid}.ts`);
    const use = `import { n } from './seam-${process.pid}'; n`;
    try {
      writeFileSync(file, 'export const n = 1;');
      expect(await value(use), seam('sys.watchFile')).toBe(1);
      writeFileSync(file, 'export const n = 22;');
      expect(await value(use), seam('sys.watchFile')).toBe(22);
    } finally {
      rmSync(file);
    }
  });

  test('leaves the last value under a name of its own', async () => {
    expect(await value('const shared = 5; shared + 1'), seam('lastExpressionVar')).toBe(6);
    expect(session.values.scope.shared, seam('exports')).toBe(5);
    expect(Object.keys(session.values.scope), seam('lastExpressionVar')).not.toContain('tsLastExpr');
  });

  test('keeps the declarations of earlier cells as text, which convert, complete and inspect receive', async () => {
    await value('const declared = { deep: 1 };');
    const { candidates } = await session.complete('declared.', 9);
    expect(
      candidates.map(({ name }) => name),
      seam('converter.complete: declarations'),
    ).toContain('deep');
    expect(await session.inspect('declared', 4), seam('converter.inspect: declarations')).toContain('deep: number');
  });
});
