import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Cells } from '../helpers/cells';
import { makeFolder } from '../helpers/folders';

/** Memory that the garbage collectors of both processes may leave between two looks. */
const SLACK_MB = 40;

let cells: Cells;
beforeEach(() => {
  cells = new Cells(makeFolder());
});
afterEach(() => cells.close());

function megabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

test('1000 cells need no more memory than their names', async () => {
  const { pid } = cells.compiler.server;
  const memory: number[] = [];
  for (let number = 0; number < 1000; number += 1) {
    const kinds = [
      `${number} + 1`,
      `const made${number % 50} = { n: ${number} }; made${number % 50}.n`,
      `function same() { return ${number}; } same()`,
      `let text = 'a'.repeat(${number}); text.length`,
    ];
    expect(await cells.run(kinds[number % 4] ?? '')).toBeDefined();
    if (number % 100 === 99) memory.push(megabytes(process.pid) + megabytes(pid ?? 0));
  }
  process.stdout.write(`memory after each 100 cells: ${memory.map((each) => each.toFixed(0)).join(', ')} MB\n`);
  expect(Math.max(...memory.slice(5))).toBeLessThan((memory[2] ?? 0) + SLACK_MB);
});

test('a server that is killed at any moment, 200 times, loses no variable and no type', async () => {
  let state = 17;
  await cells.run('let sum = 0;');
  for (let round = 0; round < 200; round += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const kill = setTimeout(
      () => cells.compiler.server.pid && process.kill(cells.compiler.server.pid, 'SIGKILL'),
      (state >>> 16) % 300,
    );
    for (let part = 0; part < 5; part += 1) {
      expect(await cells.run(`const k${round}_${part} = 1; sum += k${round}_${part}; sum`)).toBe(
        `${round * 5 + part + 1}`,
      );
    }
    clearTimeout(kill);
  }
  expect(await cells.run('sum = "x"')).toContain('TS2322');
});
