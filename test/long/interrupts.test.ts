import { expect, test } from 'vitest';
import { COMPARISON, interruptOnce, PREPARATION, SITUATIONS } from '../helpers/interrupts';
import { errorOf, runCell, startKernel } from '../helpers/jupyter';

const ROUNDS = Number(process.env.INTERRUPT_ROUNDS ?? 50);
/** What a person waits without noticing that it is long. */
const LIMIT_MS = 500;

test(`an interrupt ends each of ${SITUATIONS.length + 1} situations within ${LIMIT_MS} ms, ${ROUNDS} times in a row, in one kernel`, async () => {
  const kernel = startKernel();
  try {
    await kernel.ready();
    expect(errorOf(await runCell(kernel, PREPARATION))?.evalue).toBeUndefined();
    const times = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const situation of [...SITUATIONS, COMPARISON]) {
        const { ename, milliseconds } = await interruptOnce(kernel, situation);
        expect(String(ename), situation.name).toMatch(situation.error ?? /^Interrupted$/);
        times.set(situation.name, [...(times.get(situation.name) ?? []), milliseconds]);
      }
    }
    for (const [name, list] of times) {
      const sorted = list.sort((a, b) => a - b);
      const [median, most] = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0];
      process.stdout.write(`${name}: median ${median.toFixed(0)} ms, most ${most.toFixed(0)} ms\n`);
      // As long as the machine has a processor to spare.
      expect(median, name).toBeLessThan(LIMIT_MS);
    }
  } finally {
    await kernel.close();
  }
});
