import { expect, test } from 'vitest';
import { drive, errorOf, resultText, streamText } from '../helpers/jupyter';

const situations: [name: string, code: string][] = [
  ['a loop', "kept++; console.log('on'); while (true) {}"],
  ['a loop after an await', "kept++; await null; console.log('on'); while (true) {}"],
  ['a promise that never settles', "kept++; console.log('on'); await new Promise(() => {})"],
  [
    'a loop in a timer that a cell waits for',
    "kept++; await new Promise(() => setTimeout(() => { console.log('on'); while (true) {} }, 0))",
  ],
  ['a loop in a function of an earlier cell', "kept++; spin(() => console.log('on'))"],
  ['a child process that is waited for', "kept++; console.log('on'); require('child_process').execSync('sleep 600')"],
  ['a display', "kept++; ({ [Symbol.for('Jupyter.display')]() { console.log('on'); return new Promise(() => {}) } })"],
];

test('an interrupt ends what runs, and variables stay', async () => {
  const results = await drive([
    'let kept = 0; function spin(start: () => void): void { start(); for (;;); }',
    ...situations.map(([, code]) => ({ code, interruptAt: 'on' })),
    'kept',
  ]);
  situations.forEach(([name], index) => {
    const result = results[index + 1];
    expect(streamText(result), name).toBe('on\n');
    // The child is ended by the signal itself, so its parent sees an error of its own.
    if (name.startsWith('a child')) expect(result?.reply.status, name).toBe('error');
    else expect(errorOf(result)?.ename, name).toBe('Interrupted');
  });
  expect(resultText(results.at(-1))).toBe(String(situations.length));
});

test('an interrupt aborts the signal that library code listens to, without any further noise', async () => {
  const results = await drive([
    "const { currentCellSignal } = require('paddlelab/dist/notebook/live');\nconst { abortError } = require('paddlelab/dist/validate');\nlet seen = 'nothing';\nlet signal: AbortSignal;",
    {
      code: `signal = currentCellSignal();
new Promise((_, reject) => signal.addEventListener('abort', () => { seen = signal.reason.name; reject(abortError(signal)); }));
console.log('on'); await new Promise(() => {})`,
      interruptAt: 'on',
    },
    '[seen, currentCellSignal() === signal, currentCellSignal().aborted]',
  ]);
  expect(errorOf(results[1])?.ename).toBe('Interrupted');
  expect(results.map((result) => streamText(result, 'stderr')).join('')).toBe('');
});
