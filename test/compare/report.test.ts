import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { BackendReport, type BackendRow, compareReports, jupyterDisplay, type MeasuredRow, recommend } from '../../src';
import type { Agreement } from '../../src/agreement/agreements';
import type { NamedBackend } from '../../src/backends/named-backends';
import type { ReportFacts } from '../../src/compare/report';
import { placeLabels } from '../../src/plot/label-places';
import type { ScatterTrace } from '../../src/plot/types';

const facts: ReportFacts = {
  model: 'shapes',
  task: 'detection',
  family: 'PaddleDetection 2.x',
  images: 1,
  inputShape: [1, 3, 256, 256],
  protocol: { preset: 'quick', mode: 'model', warmup: 3, runs: 4, rounds: 2, maxSeconds: 10, batchSizes: [], seed: 7 },
  orders: [['plain', 'openvino']],
  confidence: 0.99,
  machine: {
    cpu: 'Some CPU',
    threads: 2,
    cpuFeatures: ['avx2', 'avx512_vnni', 'amx_bf16'],
    memory: 2 ** 34,
    gpus: [],
    system: 'Linux 6',
    node: 'v20.0.0',
    paddlelab: '0.1.0',
  },
  startedAt: '2026-01-02T03:04:05.678Z',
  seconds: 12,
};

const full: Agreement = {
  kind: 'objects',
  matched: 4,
  expected: 4,
  extra: 0,
  maxScoreDifference: 1e-6,
  maxBoxDifference: 0,
};

function measured(settings: NamedBackend, ms: number, more: Partial<MeasuredRow> = {}): MeasuredRow {
  return {
    kind: 'measured',
    backend: settings.name,
    settings: { threads: 2, precision: 'fp32', ...settings } as NamedBackend,
    library: 'Paddle 3.3.1',
    ownWeights: false,
    ...{ medianMs: ms, p90Ms: ms * 1.1, p99Ms: ms * 1.2, meanMs: ms, standardDeviationMs: ms / 20 },
    ...{
      minMs: ms * 0.9,
      maxMs: ms * 1.2,
      runs: 4,
      roundsMs: [
        [ms, ms * 1.01],
        [ms * 0.99, ms],
      ],
    },
    ...{ loadMs: 400, firstRunMs: ms * 2, peakMemory: 3e8, reloads: 0 },
    throughput: [{ kind: 'measured', batch: 1, imagesPerSecond: 1000 / ms }],
    speedup: { value: 60 / ms, low: 59 / ms, high: 61 / ms },
    ...{ agreement: full, agrees: true, outputs: { maxAbs: 1e-6, meanAbs: 1e-7, relative: 1e-8, cosine: 1 } },
    ...more,
  };
}

const plain = measured({ name: 'plain', engine: 'plain' }, 60);
const onednn = measured({ name: 'onednn', engine: 'onednn' }, 40, { peakMemory: 1e8 });
const bf16 = measured({ name: 'openvino-bf16', engine: 'openvino', precision: 'bf16' }, 5, {
  agreement: { ...full, matched: 3 },
  agrees: false,
});
const batched = measured({ name: 'openvino × 2', engine: 'openvino', clones: 2 }, 30, {
  throughput: [
    { kind: 'measured', batch: 1, imagesPerSecond: 50 },
    { kind: 'measured', batch: 4, imagesPerSecond: 80 },
    { kind: 'unavailable', batch: 8, reason: 'too large' },
  ],
});
const external = measured({ name: 'own', kind: 'openvino-runtime' }, 4, { library: 'OpenVINO 2025.0.0 (Python)' });
const missing: BackendRow = {
  kind: 'unavailable',
  backend: 'gpu',
  settings: { name: 'gpu', device: 'gpu' },
  reason: 'built without "CUDA", sadly\nand a stack',
};

function reportOf(rows: readonly BackendRow[]): BackendReport {
  return new BackendReport(rows, facts, 'plain');
}

const report = reportOf([plain, missing, onednn, bf16, batched, external]);

test('the best is the fastest that agrees and that loadModel can load; fast but wrong backends have a warning', () => {
  expect(report.best).toMatchObject({ name: 'onednn', engine: 'onednn', threads: 2 });
  const text = inspect(report);
  expect(text).toContain('onednn ★');
  expect(text).toContain('⚠ 3 of 4 objects');
  expect(text).toContain('⚠ openvino-bf16 is fast, but its results differ from those of plain.');
  expect(text).toMatch(/^gpu .*unavailable: built without "CUDA", sadly$/m);
  expect(text).toContain('Some CPU, 2 threads (avx2 avx512_vnni amx_bf16)');
  expect(text).toContain('seed 7');
  // Unavailable backends are last.
  expect(text.indexOf('\ngpu ')).toBeGreaterThan(text.indexOf('\nown '));
});

test('a notebook gets a table, two charts and a picture; names are escaped', async () => {
  const evil = measured({ name: '<img src=x>', engine: 'plain' }, 10);
  const bundle = await reportOf([plain, evil])[jupyterDisplay]();
  const html = String(bundle['text/html']);
  expect(html.match(/<table/g)).toHaveLength(1);
  expect(html.match(/<div id="paddlelab-/g)).toHaveLength(2);
  expect(html).not.toContain('<img src=x>');
  expect(
    Buffer.from(bundle['image/png'] as Uint8Array)
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  expect(await reportOf([missing])[jupyterDisplay]()).not.toHaveProperty('image/png');
});

test('charts show each backend and its times', () => {
  const { data } = report.agreementChart();
  expect(data.map(({ name }) => name)).toEqual(['agrees', 'disagrees']);
  expect(data[1]).toMatchObject({ x: [5], y: [75], text: ['openvino-bf16'] });
  const boxes = report.distributionChart().data;
  expect(boxes.map(({ name }) => name)).toEqual(['plain', 'onednn (best)', 'openvino × 2', 'openvino-bf16', 'own']);
  expect(boxes[0]).toMatchObject({ type: 'box', x: [60, 60.6, 59.4, 60] });
});

test('Markdown has a row for each backend, and CSV all numbers', () => {
  const lines = report.toMarkdown().split('\n');
  const columns = lines.filter((line) => line.startsWith('|')).map((line) => line.split('|').length);
  expect(new Set(columns).size).toBe(1);
  expect(lines.filter((line) => line.startsWith('| '))).toHaveLength(2 + 6);
  const csv = report.toCsv().trim().split('\n');
  expect(csv[0]).toMatch(/^backend,outcome,library,threads,precision,medianMs,p90Ms,p99Ms,/);
  expect(csv[1]).toMatch(/^plain,measured,Paddle 3\.3\.1,2,fp32,60,66,/);
  expect(report.toCsv()).toContain('"built without ""CUDA"", sadly\nand a stack"');
});

test('JSON is read back as the same report', () => {
  const text = JSON.stringify(report);
  const again = BackendReport.fromJson(text);
  expect(JSON.stringify(again)).toBe(text);
  expect(inspect(again)).toBe(inspect(report));
  expect(again.best).toEqual(report.best);
  expect(JSON.parse(text).facts).toMatchObject({
    machine: { cpuFeatures: facts.machine.cpuFeatures },
    protocol: { seed: 7 },
  });
  expect(() => BackendReport.fromJson('{}')).toThrow(/Expected the output of toJSON/);
  expect(() => BackendReport.fromJson('{')).toThrow(/Expected JSON/);
});

test("the log of PaddleDetection's benchmark, and that of AutoLog", () => {
  const detection = report.toBenchmarkLog();
  expect(detection).toContain('2026-01-02 03:04:05,678 - benchmark_utils - INFO - [DET] paddle_version: 3.3.1');
  expect(detection).toContain(`- ${'-'.repeat(23)} Model info ${'-'.repeat(22)}`);
  for (const line of ['enable_mkldnn: True', 'cpu_math_library_num_threads: 2', 'log_api_version: 1.0.3']) {
    expect(detection).toContain(`[DET] ${line}`);
  }
  expect(detection).toContain('preprocess_time(ms): 0.0, inference_time(ms): 40.0, postprocess_time(ms): 0.0');
  const auto = report.toBenchmarkLog('plain', 'AutoLog');
  expect(auto).toContain(`${'-'.repeat(22)} Env info ${'-'.repeat(22)}`);
  expect(auto).toMatch(/^ drivier_version: None$/m);
  expect(auto).toMatch(/^ input_shape: \[1, 3, 256, 256\]$/m);
  expect(auto).toMatch(/inference_time\(ms\): 60\.0000/);
  expect(() => report.toBenchmarkLog('onedn')).toThrow(/did you mean "onednn"/);
});

describe('a recommendation', () => {
  test('is the best for an objective, as options for loadModel', () => {
    const fast = recommend(report);
    expect(fast).toMatchObject({ backend: 'openvino × 2', clones: 2 });
    expect(recommend(reportOf([plain, onednn, external]))).toMatchObject({
      backend: 'onednn',
      options: { engine: 'onednn', precision: 'fp32', threads: 2 },
      reason: 'onednn: 40.0 ms per run, 100.00 % agreement; next is plain with 60.0 ms per run',
    });
    expect(recommend(report, { objective: 'memory' })?.backend).toBe('onednn');
    expect(recommend(report, { objective: 'throughput' })).toMatchObject({ backend: 'openvino × 2', batchSize: 4 });
  });

  test('may accept less agreement for more speed, and is undefined if nothing agrees', () => {
    expect(recommend(report, { minAgreement: 0.7 })?.backend).toBe('openvino-bf16');
    expect(recommend(reportOf([missing, bf16]))).toBeUndefined();
    expect(() => recommend(report, { objective: 'speed' as never })).toThrow(/for objective/);
    expect(() => recommend({} as never)).toThrow(/Expected report of compareBackends/);
  });
});

describe('two reports', () => {
  test('list faster, slower and unchanged backends, and other differences', () => {
    const machine = { ...facts.machine, cpu: 'Another CPU' };
    const faster = measured({ name: 'onednn', engine: 'onednn' }, 20, { library: 'Paddle 2.6.2' });
    const wrong = measured({ name: 'plain', engine: 'plain' }, 60, { agrees: false });
    const after = new BackendReport([wrong, faster, missing], { ...facts, machine }, 'plain');
    const comparison = compareReports(JSON.stringify(report), after);
    const verdicts = Object.fromEntries(comparison.changes.map(({ backend, verdict }) => [backend, verdict]));
    expect(verdicts).toMatchObject({ plain: 'same', onednn: 'faster', own: 'only before' });
    expect(verdicts).not.toHaveProperty('gpu');
    expect(comparison.changes.find(({ backend }) => backend === 'onednn')?.speedup?.value).toBeCloseTo(2, 1);
    expect(comparison.differences).toEqual([
      'CPU: Some CPU before, Another CPU after',
      'library of onednn: Paddle 3.3.1 before, Paddle 2.6.2 after',
    ]);
    expect(inspect(comparison)).toMatch(/plain .*same ⚠ no longer agrees/);
    expect(comparison.toMarkdown()).toMatch(/^\| onednn \| 40\.0 ms \| 20\.0 ms \| 2\.0/m);
    expect(comparison[jupyterDisplay]()['text/html']).toContain('<table>');
    expect(compareReports(after, report).changes.find(({ backend }) => backend === 'onednn')?.verdict).toBe('slower');
  });

  test('other values than reports are refused', () => {
    expect(() => compareReports(report, 3 as never)).toThrow(
      /Expected report of compareBackends or its JSON for after/,
    );
  });
});

test('three or more unavailable backends are combined in one line, in every format; the data keeps all rows', async () => {
  const lacking = ['gpu', 'gpu-fp16', 'tensorrt'].map(
    (backend) =>
      ({
        ...missing,
        backend,
        settings: { ...missing.settings, name: backend },
        reason: 'built without CUDA',
      }) as BackendRow,
  );
  const folded = reportOf([plain, onednn, ...lacking]);
  const line = 'Not available here: gpu, gpu-fp16, tensorrt (built without CUDA)';
  for (const text of [inspect(folded), folded.toMarkdown(), String((await folded[jupyterDisplay]())['text/html'])]) {
    expect(text).toContain(line);
    expect(text.match(/built without CUDA/g)).toHaveLength(1);
  }
  // A backend named in the options has its own row.
  const named = new BackendReport(folded.rows, { ...facts, named: true }, 'plain');
  expect(inspect(named).match(/unavailable: built without CUDA/g)).toHaveLength(3);
  expect(inspect(named)).not.toContain('Not available here');
  expect(folded.rows).toHaveLength(5);
  expect(
    folded
      .toCsv()
      .split('\n')
      .filter((row) => row.includes('built without CUDA')),
  ).toHaveLength(3);
  expect(JSON.parse(JSON.stringify(folded)).rows).toHaveLength(5);
});

test('without a measured row there is no empty table, only the unavailable backends', async () => {
  const lacking = ['gpu', 'gpu-fp16', 'tensorrt'].map(
    (name) => ({ ...missing, backend: name, settings: { name, device: 'gpu' } }) as BackendRow,
  );
  const none = reportOf(lacking);
  const html = String((await none[jupyterDisplay]())['text/html']);
  for (const text of [inspect(none), none.toMarkdown(), html]) {
    expect(text).toContain('Not available here: gpu, gpu-fp16, tensorrt');
    expect(text).not.toMatch(/median|<table|\| ---/);
  }
});

test('the agreement axis ends at 100 %, and no label covers another label or a point', () => {
  const crowd = Array.from({ length: 12 }, (_, i) =>
    measured({ name: `openvino-bf16-${i}`, engine: 'openvino' }, 20 + i / 8),
  );
  const chart = reportOf([plain, ...crowd]).agreementChart();
  expect(chart.layout.yaxis?.range?.[1]).toBe(100);
  const [trace] = chart.data as ScatterTrace[];
  expect(trace?.cliponaxis).toBe(false);
  const named = ((trace?.text ?? []) as string[]).filter((text) => text !== '');
  expect(named).toContain('openvino-bf16-0');
  expect(named).toContain('plain');
  expect(named.length).toBeLessThan(13);
  const points = crowd.map((_, i) => ({ x: 100 + 30 * i, y: 0, text: `openvino-bf16-${i}` }));
  expect(placeLabels(points.slice(0, 1), 500, 300)).toEqual(['bottom center']);
  expect(placeLabels(points, 500, 300).filter((place) => place !== undefined).length).toBeLessThan(6);
});
