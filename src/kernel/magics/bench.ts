import { PaddleLabError } from '../../errors';
import { done, type Magic } from './magic';
import { milliseconds } from './time';

/** Without a number of runs: as many as fit into this time, within the bounds below. */
const BUDGET_MS = 2000;
const LEAST_RUNS = 5;
const MOST_RUNS = 10_000;

export const bench: Magic = {
  name: 'bench',
  kind: 'cell',
  usage: '%%bench [runs]',
  summary: 'runs the cell many times after one warm-up run and prints the median; its variables stay local',
  async run({ run, print }, argument, body) {
    const wanted = parseRuns(argument);
    // Wrapped in a function, so that only the run is timed, not the compilation. The function begins on the line of the
    // magic.
    const made = await run(`(async () => {${body}\n})`);
    if (made.kind !== 'done') return made;
    const work = made.value as () => Promise<unknown>;
    try {
      await work();
      print(describe(await measure(work, wanted)));
    } catch (error) {
      return { kind: 'thrown', error };
    }
    return done();
  },
};

async function measure(work: () => Promise<unknown>, wanted: number | undefined): Promise<number[]> {
  const times: number[] = [];
  const begun = performance.now();
  const more = (): boolean => {
    if (wanted !== undefined) return times.length < wanted;
    return times.length < LEAST_RUNS || (times.length < MOST_RUNS && performance.now() - begun < BUDGET_MS);
  };
  while (more()) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
    // Gives an interrupt the chance to arrive.
    if (times.length % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return times.sort((a, b) => a - b);
}

function describe(times: readonly number[]): string {
  const at = (part: number): string => milliseconds(times[Math.floor((times.length - 1) * part)] ?? Number.NaN);
  return `median ${at(0.5)} of ${times.length} runs (fastest ${at(0)}, 90 % within ${at(0.9)})`;
}

function parseRuns(argument: string): number | undefined {
  if (argument === '') return undefined;
  const runs = Number(argument);
  if (Number.isSafeInteger(runs) && runs >= 1) return runs;
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected integer ≥ 1 for the runs of %%bench but received ${JSON.stringify(argument)} (string)`,
  );
}
