import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { loadModel, type Model } from '../../src';
import { demoModel } from '../helpers/project';

const image = { shape: [1, 3, 256, 256], data: new Float32Array(3 * 256 * 256) };
const inputs = { image, scale_factor: { shape: [1, 2], data: Float32Array.of(1, 1) } };

/** The threads of this process that are pinned to one processor, by their numbers. */
function pinnedThreads(): string[] {
  return readdirSync('/proc/self/task').filter((thread) => /^Cpus_allowed_list:\s*\d+$/m.test(statusOf(thread)));
}

/** Empty for a thread that has ended meanwhile. */
function statusOf(thread: string): string {
  try {
    return readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
  } catch {
    return '';
  }
}

/** Runs models at once, and looks at the threads meanwhile. */
async function pinnedWhile(models: readonly Model[]): Promise<number> {
  let most = 0;
  let ended = false;
  const runs = models.map(async ({ predictor }) => {
    for (let i = 0; i < 40; i++) await predictor.run(inputs);
    ended = true;
  });
  while (!ended) {
    most = Math.max(most, pinnedThreads().length);
    await new Promise(setImmediate);
  }
  await Promise.all(runs);
  return most;
}

test.skipIf(availableParallelism() < 2)('two OpenVINO models do not share a processor', async () => {
  const load = () => loadModel(demoModel('shapes_det_picodet'), { engine: 'openvino', threads: 1 });
  const first = await load();
  // Alone, its thread stays on one: otherwise this would prove nothing.
  expect(await pinnedWhile([first])).toBeGreaterThan(0);
  const second = await load();
  expect(await pinnedWhile([first, second])).toBe(0);
  await second.dispose();
  expect(await pinnedWhile([first])).toBeGreaterThan(0);
  await first.dispose();
});
