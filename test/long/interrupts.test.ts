import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KernelClient } from '../../src/repl/kernel-client';
import { COMPARISON, interruptOnce, PREPARATION, SITUATIONS } from '../helpers/interrupts';
import { errorOf, resultText, runCell, startKernel } from '../helpers/jupyter';

const ROUNDS = Number(process.env.INTERRUPT_ROUNDS ?? 50);
/** A wait that a person does not notice. */
const LIMIT_MS = 500;

let kernel: KernelClient;
const all: number[] = [];

beforeAll(async () => {
  kernel = startKernel();
  await kernel.ready();
  expect(errorOf(await runCell(kernel, PREPARATION))?.evalue).toBeUndefined();
});
afterAll(async () => {
  await kernel.close();
  if (all.length > 0) process.stdout.write(`all situations: ${distribution(all)}\n`);
});

// All in one kernel, because damage by an interrupt may only show later. The times are printed and not tested, because
// they depend on other load on the machine.
test.each([...SITUATIONS, COMPARISON])(
  `an interrupt ends $name ${ROUNDS} times in a row, and variables stay`,
  async (situation) => {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { ename, milliseconds } = await interruptOnce(kernel, situation);
      expect(String(ename), `round ${round}`).toMatch(situation.error ?? /^Interrupted$/);
      times.push(milliseconds);
    }
    all.push(...times);
    process.stdout.write(`${situation.name}: ${distribution(times)}\n`);
  },
);

function distribution(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): string => `${(sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0)} ms`;
  const late = sorted.filter((time) => time > LIMIT_MS).length;
  return `median ${at(0.5)}, 90 % within ${at(0.9)}, most ${at(1)}; ${late} of ${sorted.length} above ${LIMIT_MS} ms`;
}

test(`an interrupt ends a cell ${ROUNDS} times at any moment up to 2 s after its request`, async () => {
  const times: number[] = [];
  let state = 7;
  for (let round = 0; round < ROUNDS; round += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // Every fifth time in a newly started kernel, whose compiler is not loaded yet.
    const fresh = round % 5 === 0 ? startKernel() : undefined;
    await fresh?.ready();
    const one = fresh ?? kernel;
    const waits = Array.from({ length: 200 }, (_, i) => `a${round}_${i}: ${i}`);
    const cell = runCell(one, `const built${round} = { ${waits} }; let n${round} = 0; while (true) n${round}++;`);
    await new Promise((resolve) => setTimeout(resolve, (state / 2 ** 32) * 2000));
    const asked = performance.now();
    await one.request('interrupt_request', {});
    const result = await cell;
    const took = performance.now() - asked;
    expect(errorOf(result)?.ename, `round ${round}`).toBe('Interrupted');
    expect(resultText(await runCell(one, `'after ${round}'`))).toBe(`'after ${round}'`);
    // The kernel's start-up time is not part of the interrupt's time.
    if (fresh === undefined) times.push(took);
    await fresh?.close();
  }
  all.push(...times);
  process.stdout.write(`at any moment: ${distribution(times)}\n`);
});
