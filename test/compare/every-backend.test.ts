import path from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { compareBackends, jupyterDisplay, loadModel } from '../../src';
import { canCompute } from '../helpers/processor';
import { demoModel, projectRoot } from '../helpers/project';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const picodet = demoModel('shapes_det_picodet');

test('a .pdmodel has a row for each backend at each thread count, and the fastest that agrees is marked', async () => {
  const report = await compareBackends(picodet, image, { runs: 2, threads: [1, 2], warmup: 1 });
  const measured = report.measured.map((row) => row.backend);
  const half = (['fp16', 'bf16'] as const).map(async (precision) => ({
    name: `openvino-${precision}`,
    here: await canCompute('openvino', precision),
  }));
  const halves = await Promise.all(half);
  for (const engine of ['plain', 'onednn', 'openvino', ...halves.flatMap(({ name, here }) => (here ? [name] : []))]) {
    expect(measured).toEqual(expect.arrayContaining([`${engine} (1 thread)`, `${engine} (2 threads)`]));
  }
  for (const row of report.measured) {
    expect(row.medianMs).toBeGreaterThan(0);
    expect(row.p99Ms).toBeGreaterThanOrEqual(row.p90Ms);
    expect(row.roundsMs.flat()).toHaveLength(row.runs);
    expect(row.peakMemory).toBeGreaterThan(100e6);
    expect(row.agreement).toMatchObject({ kind: 'objects', expected: expect.toSatisfy((count) => count > 0) });
    expect(row.outputs?.cosine ?? 1).toBeGreaterThan(0.9);
  }
  expect(report.baseline).toBe('plain (1 thread)');
  const lacking = [
    ...((await canCompute('onednn', 'bf16')) ? [] : ['onednn-bf16']),
    'onednn-int8',
    ...halves.flatMap(({ name, here }) => (here ? [] : [name])),
  ];
  expect(report.rows.filter((row) => row.kind === 'unavailable').map((row) => row.backend)).toEqual([
    ...lacking.flatMap((name) => [`${name} (1 thread)`, `${name} (2 threads)`]),
    ...['gpu', 'gpu-fp16', 'gpu-bf16', 'tensorrt', 'tensorrt-fp16', 'tensorrt-int8'],
  ]);
  expect(report.rows.find((row) => row.backend === 'tensorrt')).toMatchObject({
    reason: expect.stringMatching(/built without TensorRT; npx paddlelab runtime install --gpu/),
  });
  expect(report.paddle).toBe('3.3.1');
  expect(inspect(report)).toContain(`${report.best?.name} ★`);
  const bundle = await report[jupyterDisplay]();
  expect(bundle['text/html']).toContain('<table');
  expect(bundle['image/png']).toBeInstanceOf(Uint8Array);
  const model = await loadModel(picodet, { backend: report.best });
  expect(model.runtime).toMatchObject({ engine: report.best?.engine, threads: report.best?.threads });
  await model.dispose();
  // It starts a dozen processes, which takes long on a busy machine.
}, 300_000);
