import path from 'node:path';
import type { KernelClient } from '../../src/repl/kernel-client';
import { errorOf, resultText, runCell, streamText } from './jupyter';
import { demoModel, projectRoot } from './project';

/** A cell that runs for ever after it has printed `on`. */
export interface Situation {
  name: string;
  code: string;
  /** The expected error if the interrupt ends the cell indirectly. */
  error?: RegExp;
}

const model = JSON.stringify(demoModel('shapes_det_picodet'));

/** Run once before the situations. */
export const PREPARATION = `
let kept = 0;
const table = { a: [1, 2, 3] };
function spin(start: () => void): void { start(); for (;;); }
const model = await loadModel(${model}, { engine: 'plain' });
const image = ${JSON.stringify(path.join(projectRoot, 'notebooks/images/shapes.png'))};`;

export const SITUATIONS: readonly Situation[] = [
  { name: 'a loop', code: "console.log('on'); while (true) {}" },
  { name: 'a loop after an await', code: "await null; console.log('on'); while (true) {}" },
  {
    name: 'a loop after an await in a cell that follows asynchronous work itself',
    code: "new (require('async_hooks').AsyncLocalStorage)().enterWith('own'); await null; console.log('on'); while (true) {}",
  },
  { name: 'a promise that never settles', code: "console.log('on'); await new Promise(() => {})" },
  {
    name: 'a loop in a timer that the cell waits for',
    code: "await new Promise(() => setTimeout(() => { console.log('on'); while (true) {} }, 0))",
  },
  { name: 'a loop in a function of an earlier cell', code: "spin(() => console.log('on'))" },
  {
    name: 'a loop in an immediate',
    code: "await new Promise(() => setImmediate(() => { console.log('on'); for (;;); }))",
  },
  {
    name: 'a loop in a reaction of a promise',
    code: "await Promise.resolve().then(() => { console.log('on'); for (;;); })",
  },
  {
    name: 'microtasks that make microtasks',
    code: "console.log('on'); const again = (): Promise<void> => Promise.resolve().then(again); await again()",
  },
  {
    name: 'ticks that make ticks',
    code: "console.log('on'); const tick = (): void => process.nextTick(tick); tick(); await new Promise(() => {})",
  },
  {
    name: 'ticks and promises that make each other',
    code: "console.log('on'); const turn = (): void => process.nextTick(() => void Promise.resolve().then(turn)); turn(); await new Promise(() => {})",
  },
  {
    name: 'for await over timers',
    code: "console.log('on'); const turn = () => new Promise((r) => setImmediate(r)); async function* ever() { for (;;) yield turn(); } for await (const _ of ever());",
  },
  { name: 'a loop inside for await', code: "for await (const _ of [1]) { console.log('on'); for (;;); }" },
  { name: 'a loop that catches everything', code: "console.log('on'); for (;;) { try { for (;;); } catch {} }" },
  {
    name: 'a loop in finally',
    code: "try { null!.x; } finally { console.log('on'); for (;;); }".replace('null!.x', "throw new Error('first')"),
  },
  {
    name: 'a wait in shared memory',
    code: "console.log('on'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  },
  { name: 'a regular expression that explodes', code: "console.log('on'); /^(a+)+$/.test('a'.repeat(60) + 'b')" },
  { name: 'a loop in a comparison of a sort', code: "[1, 2].sort(() => { console.log('on'); for (;;); })" },
  { name: 'a loop in toJSON', code: "JSON.stringify({ toJSON() { console.log('on'); for (;;); } })" },
  {
    name: 'a loop in a constructor',
    code: "class Endless { constructor() { console.log('on'); for (;;); } } new Endless()",
  },
  { name: 'output without end', code: "console.log('on'); for (;;) console.log('x'.repeat(1000))" },
  { name: 'a question', code: "console.log('on'); prompt('?')" },
  {
    name: 'a child process that is waited for',
    code: "console.log('on'); require('child_process').execSync('sleep 600')",
    // The signal also ends the child, and its parent notices that.
    error: /Error|Interrupted/,
  },
  {
    name: 'a child process in the background',
    code: "const child = require('child_process').spawn('sleep', ['600']); console.log('on'); await require('events').once(child, 'exit')",
    error: /Interrupted|Error/,
  },
  {
    name: 'a display that never settles',
    code: "({ [Symbol.for('Jupyter.display')]() { console.log('on'); return new Promise(() => {}) } })",
  },
  { name: 'predictions without end', code: "console.log('on'); for (;;) await predict(model, image);" },
  { name: 'many predictions at once', code: "console.log('on'); await predict(model, Array(400).fill(image));" },
];

/** Slower to start: it uses separate processes. */
export const COMPARISON: Situation = {
  name: 'a comparison of backends',
  code: `setTimeout(() => console.log('on'), 700); await compareBackends(${model}, image, { runs: 100000, maxSeconds: 600 })`,
};

export interface Interrupted {
  ename: string | undefined;
  /** Time from the interrupt request until both it and the cell have their replies. */
  milliseconds: number;
}

/** Runs a situation, interrupts it, and checks that the notebook's state is unchanged. */
export async function interruptOnce(kernel: KernelClient, situation: Situation): Promise<Interrupted> {
  let asked = 0;
  let interrupted: Promise<unknown> | undefined;
  kernel.onInput = () => new Promise(() => {});
  const code = `kept++; ${situation.code}`;
  const known = await runCell(kernel, 'kept');
  const before = resultText(known);
  if (before === undefined) throw new Error(`Before "${situation.name}": ${JSON.stringify(known)}`);
  const result = await runCell(kernel, code, {}, (output) => {
    if (asked > 0 || !String(output.text ?? '').includes('on')) return;
    asked = performance.now();
    interrupted = kernel.request('interrupt_request', {});
  });
  await interrupted;
  const milliseconds = performance.now() - asked;
  const errors = result.outputs.filter(({ type }) => type === 'error').length;
  if (errors !== 1) throw new Error(`"${situation.name}" ended with ${errors} errors`);
  const after = await runCell(kernel, '[kept, table.a.length]');
  if (resultText(after) !== `[ ${Number(before) + 1}, 3 ]`) {
    throw new Error(
      `After "${situation.name}" variables are not what they were: ${resultText(after) ?? errorOf(after)?.evalue ?? JSON.stringify(after.reply)}; before: ${before}; ${streamText(result, 'stderr').slice(0, 500)}`,
    );
  }
  return { ename: errorOf(result)?.ename, milliseconds };
}
