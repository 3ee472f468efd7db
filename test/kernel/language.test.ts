import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { drive, emptyFolder, errorOf, resultText, streamText } from '../helpers/jupyter';

test('the helpers are in scope in an empty folder, with their types', async () => {
  const cells = ['loadModel', 'predict', 'visualize', 'compareBackends', 'paddle.createPredictor'];
  const question = (code: string) => ({ request: 'inspect_request', content: { code, cursor_pos: code.length } });
  const results = await drive([
    ...cells.map((cell) => `typeof ${cell}`),
    question('loadModel'),
    { request: 'complete_request', content: { code: 'compareB', cursor_pos: 8 } },
    "import { PaddleLabError } from 'paddlelab'; PaddleLabError.name",
  ]);
  expect(results.slice(0, cells.length).map(resultText)).toEqual(cells.map(() => "'function'"));
  const [help, completion, name] = results.slice(cells.length);
  expect(help?.reply).toMatchObject({ found: true });
  expect(JSON.stringify(help?.reply.data)).toContain('Promise<');
  expect(completion?.reply.matches).toContain('compareBackends');
  expect(resultText(name)).toBe("'PaddleLabError'");
});

test("a cell may redeclare a helper's name, and later cells see that", async () => {
  const results = await drive([
    'const predict = 5; predict',
    'predict + 1',
    'function visualize() { return 7; }',
    'visualize()',
  ]);
  expect(results.map(resultText)).toEqual(['5', '6', undefined, '7']);
});

test('top-level await works in every form', async () => {
  const forms: [string, string][] = [
    ['await (1 + 1)', '2'],
    ['await [3]', '[ 3 ]'],
    ['const [a, { b }] = await Promise.resolve([1, { b: 2 }]); a + b', '3'],
    ['let sum = 0;\nfor await (const n of [Promise.resolve(1), 2]) sum += n;\nsum', '3'],
    ['if (await Promise.resolve(true)) sum = 10;\nsum', '10'],
    ["({ [await Promise.resolve('k')]: 1 })", '{ k: 1 }'],
    ['-(await 5)', '-5'],
    ['try { await Promise.reject(new Error()) } catch { sum = 11 } sum', '11'],
    ['const later = async () => { await null; return 6; };\nlater() instanceof Promise', 'true'],
    ["const os = await import('node:os'); typeof os.cpus", "'function'"],
  ];
  const results = await drive(forms.map(([code]) => code));
  expect(results.map(resultText)).toEqual(forms.map(([, value]) => value));
});

test('cells see names of earlier cells, and may redeclare them with another type', async () => {
  const results = await drive([
    'const n = 1; class P { constructor(readonly x: number) {} } interface I { a: string } enum E { A, B }',
    "const i: I = { a: 'b' }; [n, new P(3).x, i.a, E.B]",
    "const n = 'text'; n.length",
    'type T = { t: number }; const t: T = { t: 4 }; t.t',
    'this === undefined || typeof __dirname',
  ]);
  expect(results.map(resultText)).toEqual([undefined, "[ 1, 3, 'b', 1 ]", '4', '4', "'string'"]);
});

test('packages of paddlelab, built-in modules and files of the folder can be imported, with types', async () => {
  const folder = emptyFolder();
  writeFileSync(path.join(folder, 'twice.ts'), 'export const twice = (n: number): number => n * 2;\n');
  writeFileSync(path.join(folder, 'data.json'), '{ "a": 4 }');
  const results = await drive(
    [
      "import sharp from 'sharp'; (await sharp(Buffer.alloc(3), { raw: { width: 1, height: 1, channels: 3 } }).metadata()).width",
      "sharp('a.png').noSuchMethod()",
      "import { existsSync } from 'node:fs'; existsSync('twice.ts')",
      "import { twice } from './twice'; import data from './data.json'; twice(data.a)",
      "twice('x')",
      "import nothing from 'no-such-package'",
      "const { join } = require('path'); join('a', 'b')",
      "import { twice as double } from './twice.ts'; double(3)",
      "const { default: fromImport } = await import('sharp'); const s: sharp.Sharp = fromImport('a.png'); typeof s",
    ],
    folder,
  );
  expect(resultText(results[0])).toBe('1');
  expect(errorOf(results[1])?.evalue).toContain("Property 'noSuchMethod' does not exist on type 'Sharp'");
  expect(resultText(results[2])).toBe('true');
  expect(resultText(results[3])).toBe('8');
  expect(errorOf(results[4])?.evalue).toContain("'string' is not assignable to parameter of type 'number'");
  expect(errorOf(results[5])?.evalue).toContain("Cannot find module 'no-such-package'");
  expect(results.slice(6).map(resultText)).toEqual(["'a/b'", '6', "'object'"]);
});

test('the printed text and the value of an expression are separate outputs, and null or undefined are not shown', async () => {
  const results = await drive(["console.log('a'); console.error('b'); 'c'", 'undefined', 'null', '// nothing', '']);
  expect(streamText(results[0])).toBe('a\n');
  expect(streamText(results[0], 'stderr')).toBe('b\n');
  expect(resultText(results[0])).toBe("'c'");
  for (const result of results.slice(1)) {
    expect(result.reply.status).toBe('ok');
    expect(result.outputs.map((output) => output.type)).toEqual(['execute_input']);
  }
});
