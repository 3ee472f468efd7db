import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { drive, emptyFolder, errorOf, type Output, resultText, type StepResult, streamText } from '../helpers/jupyter';

function traceback(result: StepResult | undefined): string {
  const error: Output | undefined = errorOf(result);
  return stripVTControlCharacters(error?.traceback?.join('\n') ?? '');
}

test('an error shows the lines of cells and files, and no frames of the kernel', async () => {
  const folder = emptyFolder();
  writeFileSync(
    path.join(folder, 'local.ts'),
    'interface I {}\n\nexport function local(): I {\n  throw new Error("deep");\n}\n',
  );
  const results = await drive(
    [
      'interface Gone { a: string }\n\nfunction check(n: number): void {\n  if (n > 1) throw new RangeError("too big: " + n);\n}',
      'type AlsoGone = number;\n\ncheck(1);\ncheck(2);',
      "import { local } from './local';\nlocal();",
      'const slow = async () => {\n  await null;\n  throw new TypeError("later");\n};\nawait slow();',
      "throw 'just text'",
    ],
    folder,
  );
  expect(errorOf(results[1])).toMatchObject({ ename: 'RangeError', evalue: 'too big: 2' });
  expect(results[1]?.reply).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'too big: 2' });
  expect(traceback(results[1])).toBe(
    [
      'RangeError: too big: 2',
      '    at check (cell[1].ts:4:20)',
      '    at cell[2].ts:4:1',
      '',
      '4    if (n > 1) throw new RangeError("too big: " + n);',
    ].join('\n'),
  );
  expect(traceback(results[2])).toMatch(/at local \(local\.ts:4:9\)\n {4}at cell\[3]\.ts:2:/);
  expect(traceback(results[3])).toMatch(/at slow \(cell\[4]\.ts:3:9\)\n {4}at cell\[4]\.ts:5:/);
  expect(errorOf(results[4])).toMatchObject({ ename: 'Thrown', evalue: 'just text' });
  for (const result of results) expect(traceback(result)).not.toMatch(/node:|tslab|dist/);
});

test('a compile error shows the line', async () => {
  const results = await drive([
    'const a = 1;\n\tconst b: string = a;\nfoo();',
    'if (',
    "const o: { a: { b: number } } = { a: { b: 'x' } };",
  ]);
  expect(errorOf(results[0])).toMatchObject({
    ename: 'TypeScriptError',
    evalue: "2:8 - Type 'number' is not assignable to type 'string'.",
  });
  expect(traceback(results[0])).toBe(
    [
      "cell[1].ts:2:8 - error TS2322: Type 'number' is not assignable to type 'string'.",
      '',
      '2  \tconst b: string = a;',
      '   \t      ~',
      '',
      "cell[1].ts:3:1 - error TS2304: Cannot find name 'foo'.",
      '',
      '3  foo();',
      '   ~~~',
      '',
    ].join('\n'),
  );
  expect(errorOf(results[1])?.evalue).toContain('Expression expected');
  expect(errorOf(results[2])?.evalue).toContain("Type 'string' is not assignable to type 'number'");
});

test("a PaddleLabError shows its code, and the native cause's message below", async () => {
  const [result] = await drive([
    "import { PaddleLabError } from 'paddlelab';\nthrow new PaddleLabError('MODEL_DAMAGED', 'a.pdiparams is text', { cause: new Error('native says no') });",
  ]);
  expect(errorOf(result)).toMatchObject({ ename: 'PaddleLabError', evalue: '[MODEL_DAMAGED] a.pdiparams is text' });
  expect(traceback(result)).toMatch(/^PaddleLabError: \[MODEL_DAMAGED] a.pdiparams is text\n {4}at cell\[1].ts:2:7\n/);
  expect(traceback(result)).toContain('Caused by: Error: native says no');
});

test('a display that JSON can’t represent is an error of its cell', async () => {
  const show = (data: string): string =>
    `const loop: { self?: unknown } = {}; loop.self = loop;
     ({ [Symbol.for('Jupyter.display')]: () => ({ 'application/json': ${data} }) })`;
  const [big, loop, next] = await drive([show('{ big: 1n }'), show('loop'), '6 * 7']);
  expect(errorOf(big)?.evalue).toContain('BigInt');
  expect(errorOf(loop)?.evalue).toContain('circular');
  expect(resultText(next)).toBe('42');
});

test('the kernel survives uncaught errors and process.exit', async () => {
  const results = await drive([
    "const settled = new Promise<void>((resolve) => setTimeout(() => { resolve(); throw new Error('in a timer'); }, 0)); await settled;",
    "const turn = () => new Promise((resolve) => setImmediate(resolve)); Promise.reject(new Error('nobody waits')); await turn(); await turn();",
    'process.exit(3)',
    "'alive'",
  ]);
  const stderr = results.map((result) => stripVTControlCharacters(streamText(result, 'stderr'))).join('');
  expect(stderr).toContain('Uncaught Error: in a timer\n    at');
  expect(stderr).toContain('Unhandled rejection Error: nobody waits\n    at cell[2].ts');
  expect(errorOf(results[2])?.evalue).toContain('process.exit(3) would end the kernel');
  expect(resultText(results[3])).toBe("'alive'");
});

test('the kernel survives errors that can not be shown', async () => {
  const odd = "{ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('odd'); } }";
  const broken = "class Odd extends Error { override get message(): string { throw new Error('odd'); } }";
  const results = await drive([
    `throw ${odd}`,
    `await new Promise<void>((resolve) => setTimeout(() => { resolve(); throw ${odd}; }, 0)); await new Promise((r) => setImmediate(r));`,
    `${broken}; throw new Odd()`,
    "'alive'",
  ]);
  const text = 'an object that can not be shown, because its inspection throws';
  expect(errorOf(results[0])?.evalue).toBe(text);
  expect(streamText(results[1], 'stderr')).toContain(`Thrown: ${text}`);
  expect(errorOf(results[2])?.evalue).toBe(text);
  expect(resultText(results[3])).toBe("'alive'");
});

test('after an error, waiting cells are aborted if stop_on_error is set, and run otherwise', async () => {
  const fail = (stop: boolean) => ({ code: "throw new Error('x')", content: { stop_on_error: stop }, wait: false });
  const results = await drive([
    fail(true),
    { code: '1', wait: false },
    { request: 'kernel_info_request', wait: false },
    '2',
    fail(false),
    { code: '3', wait: false },
    '4',
  ]);
  expect(results.map((result) => result.reply.status)).toEqual([
    'error',
    'aborted',
    'ok',
    'aborted',
    'error',
    'ok',
    'ok',
  ]);
  expect(results.slice(5).map(resultText)).toEqual(['3', '4']);
});
