import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { InferenceSession } from '../../src/backends/session';
import { SessionPool } from '../../src/predict/session-pool';

/** Runs of 100 ms, four at once; returns how many predictors were created in addition to the first. */
async function sessionsOpened(most: number, idleShare: number, runs: number): Promise<number> {
  const copy = vi.fn(async () => ({ dispose: async () => undefined }) as unknown as InferenceSession);
  const idle = () => performance.now() * idleShare;
  const sessions = SessionPool.open({ copy } as unknown as InferenceSession, most, idle);
  const ask = async () => {
    for (let i = 0; i < runs; i++) await sessions.use(() => new Promise((resolve) => setTimeout(resolve, 100)));
  };
  const asked = Promise.all([ask(), ask(), ask(), ask()]);
  await vi.runAllTimersAsync();
  await asked;
  await sessions.close();
  return copy.mock.calls.length;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('another predictor is created while runs are queued and cores are idle', async () => {
  expect(await sessionsOpened(3, 1, 20)).toBe(2);
});

test('none is created if all cores are busy, or if only one is allowed', async () => {
  expect(await sessionsOpened(3, 0.1, 20)).toBe(0);
  expect(await sessionsOpened(1, 1, 20)).toBe(0);
});

test('none is created for a few runs, which end before it could help', async () => {
  expect(await sessionsOpened(3, 1, 1)).toBe(0);
});

test('an error while creating another predictor fails the following runs', async () => {
  const copy = () => Promise.reject(new Error('no memory'));
  const sessions = SessionPool.open({ copy } as unknown as InferenceSession, 2, () => performance.now());
  const runs = Array.from({ length: 4 }, async (_, i) => {
    // The later ones start when others have been queued for long enough.
    await new Promise((resolve) => setTimeout(resolve, 150 * i));
    await sessions.use(() => new Promise((resolve) => setTimeout(resolve, 300)));
  });
  const ended = Promise.all(runs);
  await vi.runAllTimersAsync();
  await ended;
  await expect(sessions.use(async () => undefined)).rejects.toThrow('no memory');
  await sessions.close();
});
