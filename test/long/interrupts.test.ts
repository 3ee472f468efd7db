import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KernelClient } from '../../src/repl/kernel-client';
import { COMPARISON, interruptOnce, PREPARATION, SITUATIONS } from '../helpers/interrupts';
import { errorOf, runCell, startKernel } from '../helpers/jupyter';

const ROUNDS = Number(process.env.INTERRUPT_ROUNDS ?? 50);
/** What a person waits without noticing that it is long. */
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

// All in one kernel: what an interrupt breaks may show itself later. How long it takes is told and not tested, since it
// depends on what else the machine is at.
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
