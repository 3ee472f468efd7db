import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KernelClient } from '../../src/repl/kernel-client';
import { COMPARISON, interruptOnce, PREPARATION, SITUATIONS } from '../helpers/interrupts';
import { emptyFolder, errorOf, resultText, runCell, startKernel, streamText } from '../helpers/jupyter';

let kernel: KernelClient;
beforeAll(async () => {
  kernel = startKernel();
  await kernel.ready();
  expect(errorOf(await runCell(kernel, PREPARATION))?.evalue).toBeUndefined();
});
afterAll(() => kernel.close());

test.each([...SITUATIONS, COMPARISON])('an interrupt ends $name, and variables stay', async (situation) => {
  const { ename } = await interruptOnce(kernel, situation);
  expect(String(ename)).toMatch(situation.error ?? /^Interrupted$/);
});

test('a second interrupt soon after the first works, and one when nothing runs does no harm', async () => {
  for (const situation of [SITUATIONS[0], SITUATIONS[0], SITUATIONS[1], SITUATIONS[1]]) {
    if (situation !== undefined) expect((await interruptOnce(kernel, situation)).ename).toBe('Interrupted');
  }
  await kernel.request('interrupt_request', {});
  expect(resultText(await runCell(kernel, 'kept > 0'))).toBe('true');
});

test('under load, an interrupt ends the intended cell and not the next one', async () => {
  // The next cell compiles and runs while the interrupt is on its way.
  for (let round = 0; round < 20; round += 1) {
    const first = runCell(kernel, `kept = ${round}; await new Promise((resolve) => setTimeout(resolve, ${round % 5}))`);
    const interrupt = kernel.request('interrupt_request', {});
    const second = runCell(kernel, `let sum${round} = 0; for (let i = 0; i < 3e6; i++) sum${round} += i; 'whole'`, {
      stop_on_error: false,
    });
    await interrupt;
    const { reply } = await first;
    const next = await second;
    // The first cell may have ended already; a second cell, sent after a failed one, is not run at all.
    if (reply.status === 'ok' || next.reply.status !== 'aborted') expect(errorOf(next)?.ename).toBeUndefined();
  }
});

test('an interrupt aborts the signal of library code, without further output', async () => {
  await runCell(
    kernel,
    "const { currentCellSignal } = require('paddlelab/dist/display/live-output');\nconst { abortError } = require('paddlelab/dist/validate');\nlet seen = 'nothing';\nlet signal: AbortSignal;",
  );
  const result = await runCell(
    kernel,
    `signal = currentCellSignal();
new Promise((_, reject) => signal.addEventListener('abort', () => { seen = signal.reason.name; reject(abortError(signal)); }));
console.log('on'); await new Promise(() => {})`,
    {},
    (output) => {
      if (output.type === 'stream') void kernel.request('interrupt_request', {});
    },
  );
  expect(errorOf(result)?.ename).toBe('Interrupted');
  const after = await runCell(kernel, '[seen, currentCellSignal() === signal, currentCellSignal().aborted]');
  expect(resultText(after)).toBe("[ 'Interrupted', false, false ]");
  expect(streamText(result, 'stderr') + streamText(after, 'stderr')).toBe('');
});

/** Requests an endless cell, and interrupts it after a number of milliseconds, in any state of the kernel. */
async function interruptAfter(kernel: KernelClient, code: string, milliseconds: number): Promise<string | undefined> {
  const cell = runCell(kernel, code);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await kernel.request('interrupt_request', {});
  const result = await cell;
  expect(result.reply.status).toBe('error');
  return errorOf(result)?.ename;
}

test('an interrupt ends the first cell of a kernel whose compiler is still being loaded', async () => {
  for (const delay of [0, 150]) {
    const fresh = startKernel();
    try {
      await fresh.ready();
      expect(await interruptAfter(fresh, 'let n = 0; while (true) n++;', delay)).toBe('Interrupted');
      expect(resultText(await runCell(fresh, '1 + 1'))).toBe('2');
    } finally {
      await fresh.close();
    }
  }
});

test('an interrupt ends a cell that is being compiled, and never the next one', async () => {
  for (const [round, delay] of [0, 1, 3, 6, 10, 15, 25, 40].entries()) {
    // A different text each time, so that it has to be compiled.
    const code = `const slow${round} = { ${Array.from({ length: 300 }, (_, i) => `a${i}: ${i}`)} }; for (;;);`;
    expect(await interruptAfter(kernel, code, delay)).toBe('Interrupted');
    expect(resultText(await runCell(kernel, `'round ${round}'`))).toBe(`'round ${round}'`);
  }
});

test('an interrupt ends the running cell, and not one queued after it', async () => {
  const first = runCell(kernel, 'for (;;);');
  const second = runCell(kernel, "'second'", { stop_on_error: false });
  await kernel.request('interrupt_request', {});
  expect(errorOf(await first)?.ename).toBe('Interrupted');
  // It is not run at all: Jupyter aborts cells queued after a failed one.
  expect((await second).reply.status).toBe('aborted');
  expect(resultText(await runCell(kernel, "'third'"))).toBe("'third'");
});

test('a cell with stop_on_error off is ended, and the next one begins without an interrupt', async () => {
  await runCell(kernel, "const { currentCellSignal: signalOfCell } = require('paddlelab/dist/display/live-output');");
  for (let round = 0; round < 5; round += 1) {
    const first = runCell(kernel, `const wide${round} = 1; for (;;);`, { stop_on_error: false });
    const second = runCell(kernel, `const before${round} = ${round}; signalOfCell().aborted`, { stop_on_error: false });
    await kernel.request('interrupt_request', {});
    expect(errorOf(await first)?.ename).toBe('Interrupted');
    expect(resultText(await second)).toBe('false');
  }
});

test('a child process that survives the first signal is signalled again', async () => {
  const kernel = startKernel();
  await kernel.ready();
  await runCell(kernel, 'const kept = 1');
  // Its first SIGINT only ends the sleep; from then on the shell has the default, as a child started after the signal.
  const shell = "trap 'trap - INT' INT; while :; do sleep 100; done";
  let asked: Promise<unknown> | undefined;
  const cell = `console.log('on'); require('child_process').execSync(${JSON.stringify(shell)})`;
  const result = await runCell(kernel, cell, {}, (output) => {
    if (String(output.text ?? '').includes('on')) asked ??= kernel.request('interrupt_request', {});
  });
  await asked;
  expect(errorOf(result)?.ename).toMatch(/Error|Interrupted/);
  expect(resultText(await runCell(kernel, 'kept'))).toBe('1');
  await kernel.close();
});

/** Runs a cell, and interrupts it once it has printed `on`. */
async function interruptWhenOn(kernel: KernelClient, code: string): Promise<string | undefined> {
  let asked: Promise<unknown> | undefined;
  const result = await runCell(kernel, code, {}, (output) => {
    if (String(output.text ?? '').includes('on')) asked ??= kernel.request('interrupt_request', {});
  });
  await asked;
  return errorOf(result)?.ename;
}

test.each([
  ['adds a listener for SIGINT and then loops', "process.on('SIGINT', () => {}); console.log('on'); for (;;);"],
  ['adds a listener after an await', "await null; process.on('SIGINT', () => {}); console.log('on'); for (;;);"],
  [
    'removes every listener for SIGINT',
    "process.on('SIGINT', () => {}); process.removeAllListeners('SIGINT'); console.log('on'); for (;;);",
  ],
  ['removes them after an await', "await null; process.removeAllListeners('SIGINT'); console.log('on'); for (;;);"],
  [
    'runs scripts under breakOnSigint itself',
    "await null; const vm = require('vm'); console.log('on'); for (;;) { try { vm.runInThisContext('0', { breakOnSigint: true }); } catch {} }",
  ],
  [
    'has a listener and runs scripts under breakOnSigint',
    "process.on('SIGINT', () => {}); await null; console.log('on'); for (;;) { try { require('vm').runInThisContext('0', { breakOnSigint: true }); } catch {} }",
  ],
])('interrupts of a cell that %s leave the kernel and its variables', async (_, code) => {
  const kernel = startKernel();
  await kernel.ready();
  await runCell(kernel, 'const kept = 1');
  for (let round = 0; round < 3; round += 1) {
    expect(await interruptWhenOn(kernel, code)).toBe('Interrupted');
    expect(await interruptWhenOn(kernel, "await null; console.log('on'); for (;;);")).toBe('Interrupted');
    expect(await interruptWhenOn(kernel, "console.log('on'); for (;;);")).toBe('Interrupted');
    expect(resultText(await runCell(kernel, 'kept'))).toBe('1');
  }
  await kernel.close();
});

test("a cell's listeners for SIGINT hear of an interrupt and of a signal from outside, and stay", async () => {
  const kernel = startKernel();
  await kernel.ready();
  await runCell(kernel, "let heard = 0; process.on('SIGINT', () => { heard++; });");
  expect(await interruptWhenOn(kernel, "console.log('on'); await new Promise(() => {})")).toBe('Interrupted');
  expect(resultText(await runCell(kernel, 'heard'))).toBe('1');
  // After an await: before it, a signal ends the cell.
  const signal =
    "await null; await new Promise<void>((done) => { process.once('SIGINT', done); process.kill(process.pid, 'SIGINT'); })";
  expect(errorOf(await runCell(kernel, signal))).toBeUndefined();
  expect(resultText(await runCell(kernel, "[heard, process.listenerCount('SIGINT')]"))).toBe('[ 2, 1 ]');
  await runCell(kernel, "process.removeAllListeners('SIGINT')");
  expect(resultText(await runCell(kernel, "await null; process.listenerCount('SIGINT')"))).toBe('0');
  await kernel.close();
});

test('a file of the folder whose code was interrupted is loaded again', async () => {
  const folder = emptyFolder();
  const slow =
    "const g: any = globalThis; export const before = 1; console.log('on'); while (g.endless) {} export const after = 2;";
  writeFileSync(path.join(folder, 'slow.ts'), slow);
  const kernel = startKernel(folder);
  await kernel.ready();
  await runCell(kernel, '(globalThis as any).endless = true');
  const use = "import { after } from './slow'; after";
  expect(await interruptWhenOn(kernel, use)).toBe('Interrupted');
  expect(
    await interruptWhenOn(
      kernel,
      `await null; ${use.replace('import { after } from', 'const { after } = await import(').replace("slow'", "slow')")}`,
    ),
  ).toBe('Interrupted');
  await runCell(kernel, '(globalThis as any).endless = false');
  expect(resultText(await runCell(kernel, use))).toBe('2');
  await kernel.close();
});
