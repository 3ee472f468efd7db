import path from 'node:path';
import { expect, test } from 'vitest';
import type { ComparedModel } from '../../src/compare/compared-model';
import type { Feed } from '../../src/compare/measuring-protocol';
import type { PlannedBackend } from '../../src/compare/planned-backends';
import { Session } from '../../src/compare/session';

const feeds: Feed[] = [[{ name: 'x', dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }]];
// Only the feeds of the model matter here.
const compared = { feeds, batches: new Map([[4, 'the model takes one image per run']]) } as unknown as ComparedModel;
const protocol = { preset: 'quick', mode: 'model', warmup: 3, maxSeconds: 10, batchSizes: [4], seed: 1 } as const;

function candidate(name: string): PlannedBackend {
  const args = [path.join(__dirname, 'command-runtime.cjs'), 'echo'];
  const backend = { kind: 'command', name, command: process.execPath, args } as const;
  const request = {
    kind: 'open',
    program: '',
    params: '',
    format: 'json',
    directory: '',
    feeds,
    images: 1,
    clones: 1,
  } as const;
  return {
    kind: 'ready',
    backend,
    launch: { kind: 'external', command: process.execPath, args },
    request,
    ownWeights: false,
  };
}

async function run(available: () => number) {
  const steps: string[] = [];
  const session = new Session(
    ['a', 'b', 'c'].map(candidate),
    compared,
    { ...protocol, runs: 8, rounds: 4 },
    { timeoutMs: 60_000, memoryLimit: 2 ** 34, available },
    ({ phase, number, backend }) => steps.push(`${phase} ${number} ${backend}`),
  );
  await session.run();
  return { session, steps };
}

test('each backend is loaded once and measured once in each round', async () => {
  const { session, steps } = await run(() => 2 ** 40);
  expect(session.backendRuns.map(({ reloads, turns }) => [reloads, turns.length])).toEqual([
    [0, 4],
    [0, 4],
    [0, 4],
  ]);
  for (const { turns, opened } of session.backendRuns) {
    expect(turns.map(({ latenciesMs }) => latenciesMs.length)).toEqual([2, 2, 2, 2]);
    expect(opened?.outputs).toEqual(feeds.map((feed) => feed));
  }
  expect(steps.slice(0, 3)).toEqual(['load 1 a', 'load 2 b', 'load 3 c']);
  const names = session.orders.flatMap((order, i) => order.map((at) => `round ${i + 1} ${'abc'[at]}`));
  expect(steps.slice(3)).toEqual(names);
  expect(session.backendRuns[0]?.throughput).toEqual([
    { kind: 'unavailable', batch: 4, reason: 'the model takes one image per run' },
  ]);
});

test('if not all fit into memory, waiting backends are ended and loaded again, and the reloads are counted', async () => {
  const { session } = await run(() => 2 ** 29);
  for (const { turns, reloads, failure } of session.backendRuns) {
    expect(failure).toBeUndefined();
    expect(turns).toHaveLength(4);
    expect(reloads).toBeGreaterThan(0);
  }
});
