import { createRequire } from 'node:module';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { chosenCompiler } from '../../src/kernel/compiler/names';
import type * as Session from '../../src/kernel/session';
import type * as Messages from '../../src/kernel/thread-messages';
import { distFile } from '../../src/package-root';

const require = createRequire(__filename);
const { TypeScriptSession }: typeof Session = require(distFile('kernel/session.js'));
const { SharedState }: typeof Messages = require(distFile('kernel/thread-messages.js'));

let session: Session.TypeScriptSession;

afterEach(() => vi.unstubAllEnvs());

beforeAll(() => {
  session = new TypeScriptSession(process.cwd(), new SharedState());
});

test('the outcome of a cell is its last value, what it throws, or the errors of the compiler', async () => {
  const run = (source: string) => session.execute(source, 'cell[1].ts');
  expect(await run('({ a: 1 })')).toEqual({ kind: 'done', hasValue: true, value: { a: 1 } });
  expect(await run('const a = 1;')).toEqual({ kind: 'done', hasValue: false, value: undefined });
  expect(await run('// nothing')).toEqual({ kind: 'done', hasValue: false, value: undefined });
  expect(await run("throw 'x'")).toEqual({ kind: 'thrown', error: 'x' });
  expect(await run("await Promise.reject('y')")).toEqual({ kind: 'thrown', error: 'y' });
  expect(await run("a = 'text'")).toMatchObject({ kind: 'diagnostics' });
});

test('stack traces name the cell', async () => {
  const outcome = await session.execute('1;\n  new Error().stack', 'cell[7].ts');
  expect(outcome.kind === 'done' && outcome.value).toMatch(/cell\[7]\.ts:2:\d+/);
});

test('an interrupt ends a cell that awaits, and later cells run', async () => {
  const begun = new Promise((resolve) => Object.assign(globalThis, { begin: resolve }));
  const outcome = session.execute(
    'let kept = 1; (globalThis as any).begin(); await new Promise(() => {})',
    'cell[1].ts',
  );
  await begun;
  Reflect.deleteProperty(globalThis, 'begin');
  session.interrupt();
  expect(await outcome).toMatchObject({ kind: 'thrown', error: { name: 'Interrupted' } });
  expect(await session.execute('kept + 1', 'cell[2].ts')).toMatchObject({ value: 2 });
});

test('a cell does not end before its questions about names are answered', async () => {
  const answers: (string | undefined)[] = [];
  await session.execute('const asked = { deep: 1 };', 'cell[1].ts');
  Object.assign(globalThis, { ask: () => session.explain('asked', (text) => answers.push(text)) });
  await session.execute('(globalThis as any).ask()', 'cell[2].ts');
  Reflect.deleteProperty(globalThis, 'ask');
  expect(answers).toEqual([expect.stringContaining('deep: number')]);
});

test('cells are compiled by TypeScript 7, unless the variable names another compiler', () => {
  vi.stubEnv('PADDLELAB_COMPILER', undefined);
  expect(chosenCompiler()).toBe('typescript');
  vi.stubEnv('PADDLELAB_COMPILER', 'tslab');
  expect(chosenCompiler()).toBe('tslab');
  vi.stubEnv('PADDLELAB_COMPILER', 'babel');
  expect(chosenCompiler).toThrow('Expected one of "typescript", "tslab" for PADDLELAB_COMPILER but received "babel"');
});
