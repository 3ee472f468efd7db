import { expect, test } from 'vitest';
import { drive, resultText, type StepResult } from '../helpers/jupyter';

function types(result: StepResult | undefined): string[] {
  return result?.outputs.map((output) => output.type).filter((type) => type !== 'execute_input') ?? [];
}

test('silent, store_history and user_expressions are honoured', async () => {
  const results = await drive([
    "const a = 20; 'first'",
    { code: "console.log('unheard'); a", content: { silent: true } },
    { code: 'a + 1', content: { store_history: false } },
    { code: "'second'", content: { user_expressions: { twice: 'a * 2', wrong: 'noSuchName' } } },
    { request: 'history_request', content: { hist_access_type: 'tail', n: 9, output: false, raw: true } },
  ]);
  const [first, silent, unstored, second, history] = results;
  expect(first?.reply.execution_count).toBe(1);
  expect(silent?.outputs).toEqual([]);
  expect(silent?.reply).toMatchObject({ status: 'ok', execution_count: 1 });
  expect(resultText(unstored)).toBe('21');
  expect(unstored?.reply.execution_count).toBe(1);
  expect(second?.reply).toMatchObject({
    execution_count: 2,
    user_expressions: {
      twice: { status: 'ok', data: { 'text/plain': '40' } },
      wrong: { status: 'error', ename: 'TypeScriptError' },
    },
  });
  expect(types(second)).toEqual(['execute_result']);
  expect(history?.reply.history).toEqual([
    [1, 1, "const a = 20; 'first'"],
    [1, 2, "'second'"],
  ]);
});

test('values have displays, always with text, and a failing display is an error', async () => {
  const display = (body: string) => `({ [Symbol.for('Jupyter.display')]() { ${body} } })`;
  const results = await drive([
    display("return { 'text/html': '<i>', 'text/plain': 'own text' }"),
    display("return Promise.resolve({ 'image/png': Buffer.from('abc').subarray(1) })"),
    display("throw new Error('no picture')"),
    display('return undefined as never'),
    'new Map([[1, { a: [new Date(0)] }]])',
  ]);
  const data = results.map((result) => result.outputs.find((output) => output.type === 'execute_result')?.data);
  expect(data[0]).toEqual({ 'text/html': '<i>', 'text/plain': 'own text' });
  expect(data[1]).toMatchObject({ 'image/png': 'YmM=' });
  expect(data[1]).toHaveProperty('text/plain');
  expect(results[2]?.reply).toMatchObject({ status: 'error', evalue: 'no picture' });
  expect(Object.keys(data[3] ?? {})).toEqual(['text/plain']);
  expect(data[4]).toEqual({ 'text/plain': 'Map(1) { 1 => { a: [ 1970-01-01T00:00:00.000Z ] } }' });
});

test("tslab's display works, updates in place, and keeps its order among printed lines", async () => {
  const [result] = await drive([
    "import { display, newDisplay } from 'tslab';\nconsole.log('a'); display.html('<b>'); console.log('b');\nconst d = newDisplay(); d.text('1'); d.text('2');",
  ]);
  expect(types(result)).toEqual(['stream', 'display_data', 'stream', 'display_data', 'update_display_data']);
  const [, , , created, updated] = result?.outputs.filter((output) => output.type !== 'execute_input') ?? [];
  expect(updated?.transient).toEqual(created?.transient);
});

test('requests that do not run cells are answered', async () => {
  const ask = (request: string, content = {}) => ({ request, content });
  const inspect = (code: string) => ask('inspect_request', { code, cursor_pos: [...code].length });
  const results = await drive([
    '/** Adds one. */\nfunction plusOne(n: number): number { return n + 1; }',
    inspect('plusOne('),
    inspect('noSuchName'),
    ask('complete_request', { code: "'𝒳'.toUpp + 1", cursor_pos: 8 }),
    ask('is_complete_request', { code: 'for (;;) {' }),
    ask('comm_info_request'),
    ask('kernel_info_request'),
    ask('history_request', { hist_access_type: 'search', pattern: '*plus*', output: false, raw: true }),
  ]);
  const [, known, unknown, completion, open, comms, info, history] = results.map((result) => result.reply);
  expect(known).toMatchObject({ status: 'ok', found: true });
  expect(JSON.stringify(known?.data)).toMatch(/plusOne\(n: number\): number.*Adds one/);
  expect(unknown).toMatchObject({ status: 'ok', found: false });
  expect(completion).toMatchObject({ matches: ['toUpperCase'], cursor_start: 4, cursor_end: 9 });
  expect(completion?.metadata).toMatchObject({
    _jupyter_types_experimental: [{ text: 'toUpperCase', type: 'function' }],
  });
  expect(open).toMatchObject({ status: 'incomplete', indent: '  ' });
  expect(comms).toEqual({ status: 'ok', comms: {} });
  expect(info).toMatchObject({ status: 'ok', implementation: 'paddlelab', language_info: { file_extension: '.ts' } });
  expect(history?.history).toHaveLength(1);
});

test('variables of earlier cells work in shorthand properties of object literals', async () => {
  const results = await drive([
    'const size = 3; let name = "a";',
    '({ size, name })',
    'name = "b"; [{ name }].map(({ name }) => ({ name, size }))',
  ]);
  expect(results.slice(1).map(resultText)).toEqual(["{ size: 3, name: 'a' }", "[ { name: 'b', size: 3 } ]"]);
});
