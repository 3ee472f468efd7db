import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KernelClient } from '../../src/repl/kernel-client';
import {
  drive,
  errorOf,
  type Output,
  resultText,
  runCell,
  type StepResult,
  startKernel,
  streamText,
} from '../helpers/jupyter';

let kernel: KernelClient;
beforeAll(async () => {
  kernel = startKernel();
  await kernel.ready();
});
afterAll(() => kernel.close());

const run = (code: string): Promise<StepResult> => runCell(kernel, code);

function data(result: StepResult, type = 'execute_result'): Record<string, unknown> {
  return result.outputs.find((output) => output.type === type)?.data ?? {};
}

function types({ outputs }: StepResult): string[] {
  return outputs.map(({ type }) => type).filter((type) => type !== 'execute_input');
}

test('%lsmagic lists every magic, and a typo gets a suggestion', async () => {
  const listed = data(await run('%lsmagic'));
  for (const name of ['%runtime', '%backend', '%%time', '%%bench', '%reset']) {
    expect(listed['text/plain']).toContain(name);
    expect(listed['text/html']).toContain(name);
  }
  expect(errorOf(await run('%bakend'))?.evalue).toContain('Unknown magic "%bakend"; did you mean "%backend');
  expect(resultText(await run('const left = 7\n%4; left'))).toBe('3');
});

test('%typescript chooses the compiler of a session before a name is declared', async () => {
  const results = await drive([
    '%typescript typescript',
    "{ using it = { [Symbol.dispose]() { console.log('disposed'); } }; }",
    'const declared = 1;',
    '%typescript tslab',
    '%reset\n%typescript tslab',
    'declared',
    'const again = [2]; again.at(0)',
    '%typescript rust',
  ]);
  expect(streamText(results[0])).toBe('compiler: typescript, TypeScript 7.0.2\n');
  expect(streamText(results[1])).toBe('disposed\n');
  expect(errorOf(results[3])?.evalue).toContain('before the first cell that declares a name');
  expect(streamText(results[4])).toMatch(/^compiler: tslab, TypeScript 5\.0/);
  expect(errorOf(results[5])?.evalue).toContain("Cannot find name 'declared'");
  expect(resultText(results[6])).toBe('2');
  expect(errorOf(results[7])?.evalue).toContain('Expected one of "typescript", "tslab" for %typescript');
});

test('%%time and %%bench time the cell, and errors keep their line', async () => {
  const timed = await run('%%time\nlet timed = 6 * 7;\ntimed');
  expect(streamText(timed)).toMatch(/^time: [\d.]+ (µs|ms|s), processors: [\d.]+ (µs|ms|s)\n$/);
  expect(resultText(timed)).toBe('42');
  expect(streamText(await run('let runs = 0;')).length).toBe(0);
  expect(streamText(await run('%%bench 20\nruns += 1; await null;'))).toMatch(/^median .* of 20 runs/);
  expect(resultText(await run('runs'))).toBe('21');
  const failed = errorOf(await run("%%time\n\nthrow new Error('line three')"));
  expect(failed?.traceback?.join('\n')).toMatch(/cell\[\d+]\.ts:3:7/);
  expect(errorOf(await run('%%bench many\n1'))?.evalue).toContain('Expected integer ≥ 1');
});

test('%reset forgets names, %backend chooses an engine for loadModel, %runtime shows the Paddle', async () => {
  await run('const gone = 1; const predict = 2;');
  expect((await run('%reset')).reply.status).toBe('ok');
  expect(errorOf(await run('gone'))?.evalue).toContain("Cannot find name 'gone'");
  expect(resultText(await run('typeof predict'))).toBe("'function'");
  expect(streamText(await run('%backend onednn-bf16'))).toContain('backend: onednn-bf16');
  expect(errorOf(await run('%backend fast'))?.evalue).toContain('Expected one of "auto", "plain"');
  expect(streamText(await run('%backend auto'))).toContain('backend: auto');
  expect(streamText(await run('%runtime'))).toMatch(/^Paddle \d+\.\d+\.\d+ for CPU in /);
});

test('help and a question mark show type and documentation beside the output', async () => {
  for (const code of ['help(loadModel)', "help('loadModel')", 'loadModel?', '?loadModel']) {
    const { reply } = await run(code);
    const [page] = reply.payload as { source: string; data: Record<string, string> }[];
    expect(page?.source, code).toBe('page');
    expect(page?.data['text/plain'], code).toMatch(/loadModel[\s\S]*Promise</);
  }
  expect(JSON.stringify((await run('help()')).reply.payload)).toContain('compareBackends');
});

test('display shows values before the cell has ended and replaces them; output can be cleared', async () => {
  const result = await run(
    "const shown = await display('one'); console.log('between'); await shown.update([2]); display.clear('with-next-output');",
  );
  expect(types(result)).toEqual(['display_data', 'stream', 'update_display_data', 'clear_output']);
  const [first, , second, clear] = result.outputs.filter(({ type }) => type !== 'execute_input') as Output[];
  expect(first?.data).toEqual({ 'text/plain': "'one'" });
  expect(second?.data).toEqual({ 'text/plain': '[ 2 ]' });
  expect(second?.transient).toEqual(first?.transient);
  expect(clear?.wait).toBe(true);
});

test('progress is one output that is updated', async () => {
  const result = await run("for (const item of progress(['a', 'b'], { label: 'work' })) console.log(item);");
  expect(types(result)[0]).toBe('display_data');
  expect(types(result).filter((type) => type === 'display_data')).toHaveLength(1);
  const last = result.outputs.findLast(({ type }) => type === 'update_display_data');
  expect(last?.data?.['text/plain']).toMatch(/^work █+ 2\/2/);
  expect(last?.data?.['text/html']).toContain('<progress');
});

test('prompt, confirm and password ask the front end and wait', async () => {
  const asked: unknown[] = [];
  const answers = ['Ada', '', 'maybe', 'y', 'secret'];
  kernel.onInput = async (content) => {
    asked.push([content.prompt, content.password]);
    return answers.shift() ?? '';
  };
  const result = await run("[prompt('Name?'), prompt('Again?', 'same'), confirm('Sure?'), password()]");
  expect(resultText(result)).toBe("[ 'Ada', 'same', true, 'secret' ]");
  expect(asked).toEqual([
    ['Name? ', false],
    ['Again? [same] ', false],
    ['Sure? [y/n] ', false],
    ['Sure? [y/n] ', false],
    ['Password: ', true],
  ]);
  const refused = await runCell(kernel, "prompt('?')", { allow_stdin: false });
  expect(errorOf(refused)?.evalue).toContain('takes no input');
});

test('values have displays: tensors, arrays of numbers, images, records', async () => {
  const tensor = data(
    await run("({ name: 'x', dtype: 'float32', shape: [1, 2, 3], data: new Float32Array([1, 2, 3, 4, 5, NaN]) })"),
  );
  expect(tensor['text/plain']).toBe(
    'Tensor x float32[1, 2, 3] min 1, max 5, mean 3, 1 NaN or infinite\n[1, 2, 3, 4, 5, NaN]',
  );
  expect(tensor['image/png']).toMatch(/^iVBOR/);
  expect(tensor['text/html']).toContain('<img');
  expect(resultText(await run('Float32Array.from({ length: 1000 }, (_, i) => i)'))).toBe(
    'Float32Array(1000) [0, 1, 2, 3, …, 996, 997, 998, 999] min 0, max 999, mean 499.5',
  );
  const gallery = data(await run('[4, 8].map((width) => ({ width, height: 2, data: new Uint8Array(width * 6) }))'));
  expect(gallery['image/png']).toMatch(/^iVBOR/);
  expect(gallery['text/plain']).toBe('2 images: 4×2, 8×2');
  const records = data(await run("[{ a: 1, b: '<b>' }, { a: 1 / 3, b: 'y' }]"));
  expect(records['text/html']).toContain('<td style="text-align:left">0.333333</td>');
  expect(records['text/html']).not.toContain('<b>');
  expect(records['text/plain']).toBe("[ { a: 1, b: '<b>' }, { a: 0.3333333333333333, b: 'y' } ]");
});

/** Background work of a cell, and the code of a later cell that makes it write `late`. */
const LATE: readonly { by: string; start: string; release: string }[] = [
  {
    by: 'a timer',
    start:
      "const poll = () => { if (released) Promise.resolve().then(() => console.log('late')); else setTimeout(poll, 5); }; poll();",
    release: '',
  },
  {
    by: 'a promise',
    start:
      "let settle = () => {}; void (async () => { await new Promise<void>((resolve) => { settle = resolve; }); console.log('late'); })();",
    release: 'settle();',
  },
  {
    by: 'a server',
    start: `import http from 'node:http';
      const server = http.createServer((_, answer) => { console.log('late'); answer.end(); }).listen(0, '127.0.0.1');
      await require('node:events').once(server, 'listening');`,
    release:
      "await (await fetch('http://127.0.0.1:' + (server.address() as { port: number }).port)).text(); server.close();",
  },
  {
    by: 'a child process',
    start: `import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', "process.stdin.once('data', () => console.log('late'))"], { stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdout.on('data', (data) => process.stdout.write(data));`,
    release: "child.stdin.end('go'); await require('node:events').once(child, 'close');",
  },
  {
    by: 'an uncaught error',
    start: "const fail = () => { if (released) throw new Error('late'); setTimeout(fail, 5); }; fail();",
    release: '',
  },
];

test.each(LATE)('background work writes to the cell that started it, also after others have run: $by', async (late) => {
  const written = new Promise<string>((resolve) => {
    kernel.onLateOutput = (message) => resolve(`${message.parent.msg_id} ${message.content.text}`);
  });
  let first = '';
  const started = await kernel.execute(`let released = false; ${late.start} 1`, (message) => {
    first = message.parent.msg_id ?? '';
  });
  expect(started.status).toBe('ok');
  const release = `released = true; ${late.release} await new Promise((resolve) => setTimeout(resolve, 50)); console.log('second')`;
  expect(streamText(await run(release))).toBe('second\n');
  expect(await written).toMatch(new RegExp(`^${first} (late\n|.*Error: late)`));
});
