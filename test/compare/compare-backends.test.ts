import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { compareBackends, jupyterDisplay } from '../../src';
import { runChild } from '../../src/compare/run-child';
import { demoModel, projectRoot, sharedPath } from '../helpers/project';
import { runPython } from '../helpers/python';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const picodet = demoModel('shapes_det_picodet');

test('a .pdmodel has a row for each engine of this CPU, with the fastest that agrees marked', async () => {
  const report = await compareBackends(picodet, image, { runs: 5, threads: 1 });
  expect(report.rows.map((row) => row.backend)).toEqual([
    'plain',
    'onednn',
    'onednn-bf16',
    'openvino',
    'openvino-fp16',
    'openvino-bf16',
  ]);
  const measured = report.rows.filter((row) => row.kind === 'measured');
  expect(measured.map((row) => row.backend)).toEqual(expect.arrayContaining(['plain', 'onednn', 'openvino']));
  for (const row of measured) {
    expect(row.medianMs).toBeGreaterThan(0);
    expect(row.agreement).toMatchObject({ kind: 'objects', expected: expect.toSatisfy((count) => count > 0) });
  }
  expect(report.paddle).toBe('3.3.1');
  expect(inspect(report)).toContain(`${report.best} ★`);
  expect(report[jupyterDisplay]()['text/html']).toContain('<table');
  expect(JSON.parse(JSON.stringify(report))).toMatchObject({ best: report.best, threads: 1 });
});

test('what a .json can not run on is a row with the reason', async () => {
  const report = await compareBackends(picodet, image, {
    format: 'json',
    runs: 3,
    backends: ['plain', 'onednn', 'openvino'],
  });
  expect(report.rows.map((row) => row.kind)).toEqual(['measured', 'failed', 'unavailable']);
  expect(report.rows[2]).toMatchObject({ reason: expect.stringContaining('.pdmodel programs only') });
  expect(report.best).toBe('plain');
});

test('another runtime is measured beside the one that this process has loaded', async () => {
  const report = await compareBackends(picodet, image, { runtime: '2.6.2', runs: 3, backends: ['plain', 'openvino'] });
  expect(report.paddle).toBe('2.6.2');
  expect(report.rows.map((row) => row.kind)).toEqual(['measured', 'unavailable']);
});

test('an engine that crashes the process is a row that says so (YOLOv3 .json under oneDNN)', async ({ skip }) => {
  const arch = sharedPath('models/arch/yolov3_mobilenet_v1_270e_coco');
  const fill = sharedPath('models/fill_params.py');
  if (arch === undefined || fill === undefined) return skip('the shared models are not on this machine');
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'paddlelab-yolo-')), 'yolov3');
  await cp(arch, folder, { recursive: true });
  const filled = await runPython([fill, folder]);
  expect(filled.stderr).toBe('');
  const report = await compareBackends(folder, image, {
    format: 'json',
    runs: 3,
    maxSeconds: 0,
    warmup: 1,
    backends: ['plain', 'onednn'],
  });
  expect(report.rows).toMatchObject([
    { backend: 'plain', kind: 'measured' },
    { backend: 'onednn', kind: 'crashed', reason: 'segmentation fault inside Paddle (SIGSEGV)' },
  ]);
});

describe('a child that does not come to an end', () => {
  const request = {
    directory: picodet,
    options: { engine: 'plain' as const },
    image: { width: 1, height: 1, data: new Uint8Array(3) },
    threshold: 0.5,
    warmup: 1,
    runs: 1_000_000,
    maxSeconds: 86_400,
  };

  test('is given up after its time', async () => {
    await expect(runChild(request, { timeoutMs: 1 })).resolves.toEqual({ kind: 'timeout' });
  });

  test('is given up when the signal fires', async () => {
    const controller = new AbortController();
    const outcome = runChild(request, { timeoutMs: 600_000, signal: controller.signal });
    controller.abort();
    await expect(outcome).resolves.toEqual({ kind: 'interrupted' });
    await expect(runChild(request, { timeoutMs: 600_000, signal: controller.signal })).resolves.toEqual({
      kind: 'interrupted',
    });
  });
});

test('interrupting keeps the rows that are done', async () => {
  const controller = new AbortController();
  controller.abort();
  const report = await compareBackends(picodet, image, { signal: controller.signal, backends: ['plain', 'onednn'] });
  expect(report.rows.map((row) => row.kind)).toEqual(['interrupted', 'interrupted']);
  expect(report.best).toBeUndefined();
});

test('arguments are checked', async () => {
  await expect(compareBackends(picodet, image, { backends: ['onedn' as never] })).rejects.toThrow(/for backends\[0\]/);
  await expect(compareBackends(picodet, image, { rounds: 3 } as never)).rejects.toMatchObject({
    code: 'UNKNOWN_OPTION',
  });
  await expect(compareBackends('no/such/folder', image)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});
