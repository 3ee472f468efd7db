import { describe, expect, test } from 'vitest';
import { roundOrders } from '../../src/compare/round-orders';
import { median, pairedRatio, seededRandom, studentQuantile, summarize } from '../../src/metrics/statistics';

test('a summary has numpy’s percentiles, and the standard deviation of a sample', () => {
  const summary = summarize([4, 1, 3, 2]);
  expect(summary).toMatchObject({ p50: 2.5, mean: 2.5, min: 1, max: 4 });
  expect(summary.p90).toBeCloseTo(3.7);
  expect(summary.p99).toBeCloseTo(3.97);
  expect(summary.standardDeviation).toBeCloseTo(1.2909944);
  expect(summarize([7])).toMatchObject({ p50: 7, p99: 7, standardDeviation: 0 });
});

test("Student's quantiles match the tables", () => {
  const table = [
    [1, 0.975, 12.706],
    [2, 0.995, 9.925],
    [3, 0.975, 3.182],
    [4, 0.995, 4.604],
    [9, 0.995, 3.25],
    [10, 0.975, 2.228],
    [120, 0.975, 1.98],
  ] as const;
  for (const [degrees, probability, value] of table) {
    expect(studentQuantile(probability, degrees), `${degrees}`).toBeCloseTo(value, 2);
  }
});

test('orders depend on the seed, contain every backend once per round, and every second one is reversed', () => {
  const orders = roundOrders(6, 5, 42);
  expect(orders).toEqual(roundOrders(6, 5, 42));
  expect(orders).not.toEqual(roundOrders(6, 5, 43));
  for (const order of orders) expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(orders[1]).toEqual([...(orders[0] ?? [])].reverse());
  const first = new Set(Array.from({ length: 40 }, (_, seed) => roundOrders(6, 1, seed)[0]?.[0]));
  expect(first.size).toBe(6);
});

test('a ratio is the geometric mean over rounds, and needs two of them', () => {
  expect(pairedRatio([4, 4], [2, 2])).toEqual({ value: 2, low: 2, high: 2 });
  const ratio = pairedRatio([10, 20, 40], [5, 11, 19]);
  expect(ratio?.value).toBeGreaterThan(ratio?.low ?? 0);
  expect(ratio?.high).toBeGreaterThan(ratio?.value ?? 0);
  expect(pairedRatio([1], [1])).toBeUndefined();
});

/** A machine whose speed wanders, drifts and jumps, and on which single runs are delayed now and then. */
function driftingMachine(seed: number, trend: number): (trueMs: number) => number {
  const random = seededRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let slowness = 0;
  return (trueMs) => {
    slowness += 0.01 * normal() + trend;
    if (random() < 0.01) slowness += 0.15 * normal();
    const held = random() < 0.05 ? 1 + 2 * random() : 1;
    return trueMs * Math.exp(slowness + 0.03 * normal()) * held;
  };
}

/** Confidence intervals of backend 0's time relative to the others', measured in rounds as in a session. */
function simulate(times: readonly number[], seed: number, trend: number) {
  const measure = driftingMachine(seed, trend);
  const medians = times.map((): number[] => []);
  for (const order of roundOrders(times.length, 5, seed)) {
    for (const at of order) {
      medians[at]?.push(median(Array.from({ length: 4 }, () => measure(times[at] ?? 1))));
    }
  }
  return medians.map((own) => pairedRatio(medians[0] ?? [], own));
}

describe.each([
  ['steady', 0],
  ['slowing down', 0.002],
  ['slowing down fast', 0.01],
])('on a machine that drifts (%s)', (_name, trend) => {
  test('the interval contains 1 for the same backend under two names in at least 95 of 100 comparisons', () => {
    for (let block = 0; block < 10; block++) {
      let inside = 0;
      for (let i = 0; i < 100; i++) {
        const ratio = simulate([60, 60, 40, 20, 6], block * 100 + i, trend)[1];
        if (ratio !== undefined && ratio.low <= 1 && ratio.high >= 1) inside++;
      }
      expect(inside, `block ${block}`).toBeGreaterThanOrEqual(95);
    }
  });

  test('a backend that takes half the time is detected as faster', () => {
    let detected = 0;
    for (let seed = 0; seed < 100; seed++) {
      const ratio = simulate([60, 60, 30], seed, trend)[2];
      if (ratio !== undefined && ratio.low > 1 && ratio.high > 2 * 0.9) detected++;
    }
    expect(detected).toBeGreaterThanOrEqual(95);
  });
});
