import path from 'node:path';
import { expect, test } from 'vitest';
import { runProcess } from '../helpers/project';

/**
 * Leaked KiB per predictor. Single measurements vary with the allocator, but a leak adds up and shows as a slope.
 * Paddle 3.3.1 itself leaks 1 to 4 KiB per predictor of a .json program, also in Python.
 */
const kibPerCycle = { pdmodel: 2, json: 6 } as const;
const kibPerRun = 0.02;
const formats = ['pdmodel', 'json'] as const;

test.each(formats)('6 000 predictors of a .%s, created, run and disposed, leave memory flat', async (format) => {
  const slope = await slopeOf('cycles', 6000, format);
  expect(slope).toBeLessThan(kibPerCycle[format]);
});

test.each(formats)('100 000 runs of a .%s leave memory flat', async (format) => {
  const slope = await slopeOf('runs', 100_000, format);
  expect(slope).toBeLessThan(kibPerRun);
});

/** KiB per repetition over the second half, when all pools have reached their size. */
async function slopeOf(what: 'cycles' | 'runs', times: number, format: string): Promise<number> {
  const host = path.join(__dirname, 'leak-host.cjs');
  const { stdout, stderr, code } = await runProcess(process.execPath, [
    '--expose-gc',
    host,
    what,
    `${times}`,
    format,
    'plain',
  ]);
  expect(code, stderr).toBe(0);
  const samples = JSON.parse(stdout) as [number, number][];
  const half = samples.slice(samples.length / 2);
  const slope = medianSlope(half);
  const [first, last] = [samples[0]![1], samples.at(-1)![1]];
  process.stderr.write(
    `${times} ${what} of a .${format}: resident ${first} KiB → ${last} KiB, slope ${slope.toFixed(4)} KiB each\n`,
  );
  return slope;
}

/** The median of the slopes of all pairs: it ignores a pool that grows once, but shows a constant leak. */
function medianSlope(points: readonly [number, number][]): number {
  const slopes = points.flatMap(([x, y], i) => points.slice(i + 1).map(([x2, y2]) => (y2 - y) / (x2 - x)));
  return slopes.sort((a, b) => a - b)[Math.floor(slopes.length / 2)]!;
}
