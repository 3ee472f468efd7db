import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect, stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  BackendReport,
  compareReports,
  Figure,
  jupyterDisplay,
  loadModel,
  PaddleLabError,
  progress,
  slider,
  type Tensor,
  widgets,
} from '../src';
import { run } from '../src/cli/main';
import { describeStep } from '../src/compare/options';
import type { MimeBundle } from '../src/display/display';
import { setLiveDisplay } from '../src/display/live-output';
import { withProgress } from '../src/display/progress-output';
import { ConfigSummary } from '../src/inference/config/summary';
import { failureOf } from '../src/kernel/failure';
import { presentResult } from '../src/model-io/present-result';
import { showAs } from '../src/notebook/bundle';
import { setCommHost } from '../src/notebook/comm-host';
import type { PredictResult } from '../src/results';
import { Video } from '../src/video/video';
import { demoModel, projectRoot } from './helpers/project';
import {
  classes,
  detection,
  detectionResult,
  instanceResult,
  paintImage,
  people,
  segmentation,
} from './visualize/scene';

/**
 * A name that clears a terminal, sets its title, overwrites its line, reverses the text direction, and ends table
 * cells.
 */
const evil = '圆\u001b]0;x\u0007\u001b[2J\r\n\u009b2J\u202e|<b>';
/** The same for a file: without slash, and without line break, which few tools accept. */
const evilFile = 'a\u001b[31m\r\u202e';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Text that is safe for a terminal; the hostile parts must be visible in escaped form. */
function expectSafe(text: unknown, seen: string | RegExp = '\\u001b'): void {
  expect(typeof text).toBe('string');
  expect(String(text)).not.toMatch(controls);
  if (typeof seen === 'string') expect(text).toContain(seen);
  else expect(text).toMatch(seen);
}

const folder = mkdtempSync(path.join(tmpdir(), 'paddlelab-test-'));
const model = path.join(folder, `model${evilFile}`);
const images = path.join(folder, 'images');

beforeAll(() => {
  cpSync(demoModel('shapes_det_picodet'), model, { recursive: true });
  const yaml = readFileSync(path.join(model, 'infer_cfg.yml'), 'utf8');
  const hostile = yaml
    .replace(/^arch: GFL$/m, `arch: ${JSON.stringify('GFL\u001b[2J')}`)
    .replace(/^(label_list:\n)((?:- .*\n)+)/m, (_, head: string, list: string) => {
      return (
        head +
        list
          .split('\n')
          .filter(Boolean)
          .map((_line, i) => `- ${JSON.stringify(`${i}${evil}`)}\n`)
          .join('')
      );
    });
  expect(hostile).toContain('\\u001b]0;');
  writeFileSync(path.join(model, 'infer_cfg.yml'), hostile);
  mkdirSync(images);
  cpSync(path.join(projectRoot, 'notebooks/images/shapes.png'), path.join(images, `${evilFile}.png`));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  setLiveDisplay(undefined);
});

async function shown(value: unknown): Promise<MimeBundle> {
  return await showAs(value);
}

/** Pages are long: only the wrong parts are shown. */
function expectSafePage(html: unknown): void {
  expect(controls.exec(String(html))?.[0]).toBeUndefined();
}

/** The text and HTML of a value: both are safe, and the HTML has no element from the name. */
async function expectSafeDisplay(value: object, seen?: string | RegExp): Promise<void> {
  expectSafe(inspect(value), seen);
  const bundle = await shown(value);
  expectSafe(bundle['text/plain'], seen);
  if (bundle['text/html'] !== undefined) {
    expectSafePage(bundle['text/html']);
    expect(String(bundle['text/html']).includes('|<b>')).toBe(false);
  }
}

describe('results', () => {
  const boxes = [{ ...detection(0, 0.9, [1, 2, 30, 40]), label: evil }, detection(1, 0.8, [3, 4, 50, 60])];
  const results: readonly PredictResult[] = [
    detectionResult(64, 48, boxes),
    {
      ...detectionResult(64, 48, []),
      kind: 'rotated-detection',
      detections: boxes.map((box) => ({ ...box, corners: [1, 2, 3, 4, 5, 6, 7, 8] })),
    },
    instanceResult(64, 48, boxes),
    { ...classes, classes: classes.classes.map((one) => ({ ...one, label: evil })) },
    { ...segmentation, segments: segmentation.segments.map((one) => ({ ...one, label: evil })) },
    { ...detectionResult(64, 48, []), kind: 'tensors', outputs: [`${evil} float32[1]`] } as unknown as PredictResult,
    { ...detectionResult(64, 48, []), kind: 'custom', task: evil, content: {} } as unknown as PredictResult,
  ];

  test.each(results.map((result) => [result.kind, result] as const))('%s', async (_, result) => {
    const custom = { name: evil, read: () => 0 };
    const made = presentResult({ ...result }, result.kind === 'custom' ? { task: custom } : {});
    await expectSafeDisplay(made);
    // A row stays one line.
    const rows = String((await shown(made))['text/plain']).split('\n');
    for (const row of rows.filter((line) => line.includes('\\u001b]0;'))) expect(row).toMatch(/\\u009b2J\\u202e/);
  });

  test('keypoints have no names', async () => {
    await expectSafeDisplay(presentResult({ ...people }, {}), 'people');
  });

  test('JSON keeps the original text', () => {
    expect(JSON.stringify(presentResult({ ...results[0] } as PredictResult, {}))).toContain(JSON.stringify(evil));
  });
});

test('a model, its predictor, and errors about its files', async () => {
  const loaded = await loadModel(model, { engine: 'plain', trial: false });
  await expectSafeDisplay(loaded);
  await loaded.dispose();
  const error: unknown = await loadModel(path.join(model, 'nowhere')).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(PaddleLabError);
  expectSafe((error as Error).message, 'a\\u001b[31m\\r\\u202e');
  expectSafe((error as Error).stack);
});

test('the error of a failed cell, including causes', () => {
  const error = new PaddleLabError('FILE_NOT_FOUND', evil, { cause: new Error(evil, { cause: evil }) });
  const context = { maps: { original: () => undefined }, sourceOf: () => undefined, hasTerminated: false };
  error.stack = '';
  (error.cause as Error).stack = '';
  const { evalue, traceback } = failureOf(error, context as never);
  expectSafe(evalue);
  const text = traceback.join('\n');
  // The headline is red.
  expectSafe(stripVTControlCharacters(text));
  expect(text.match(/\\u202e/g)).toHaveLength(3);
});

test('tensors, pictures of pictures, figures, videos, configurations', async () => {
  const tensor = { name: evil, dtype: 'float32', shape: [2], lod: [], data: new Float32Array(2) } as Tensor;
  for (const value of [tensor, [tensor, tensor]]) expectSafe((await shown(value))['text/plain']);
  const image = paintImage(16, 12);
  await expectSafeDisplay(await slider(image, image, { titles: [evil, 'b'] }));
  await expectSafeDisplay(new Figure([{ type: 'bar', x: ['a'], y: [1] }], { title: { text: evil } }));
  const content = {
    width: 1,
    height: 1,
    frames: 1,
    format: 'gif',
    file: evil,
    bytes: Buffer.alloc(1),
    maxBytes: 9,
  } as const;
  await expectSafeDisplay(new Video(content));
  await expectSafeDisplay(new ConfigSummary(`| ${evil} | true |`));
});

describe('other displays of a notebook', () => {
  test('progress bars', async () => {
    const bundles: MimeBundle[] = [];
    const show = (bundle: MimeBundle): void => void bundles.push(bundle);
    setLiveDisplay({
      create: (bundle) => {
        show(bundle);
        return { update: show };
      },
    });
    const bar = progress(2, { label: evil });
    bar.update(1, evil);
    bar.end();
    await withProgress(evil, async (onProgress) => onProgress(evil));
    expect(bundles.length).toBeGreaterThan(2);
    for (const bundle of bundles) {
      expectSafe(bundle['text/plain']);
      expectSafePage(bundle['text/html']);
    }
    expectSafe(describeStep({ phase: 'load', number: 1, count: 2, backend: evil }));
  });

  test('widgets', async () => {
    setCommHost({
      open: () => ({ id: 'x', send: () => undefined, close: () => undefined }),
      register: () => undefined,
      bind: (handler: unknown) => handler,
    } as never);
    const upload = widgets.upload({ label: evil });
    const made = [
      ...[widgets.slider({ label: evil }), widgets.checkbox({ label: evil }), widgets.button({ label: evil })],
      ...[widgets.progress({ label: evil }), widgets.dropdown({ label: 'x', options: { [evil]: 1 } }), upload],
    ];
    for (const widget of [...made, widgets.vbox(made)]) await expectSafeDisplay(widget);
    setCommHost(undefined as never);
  });
});

describe('comparisons', () => {
  const row = { kind: 'failed', backend: evil, settings: { name: evil, engine: 'plain' }, reason: evil } as const;
  const machine = { cpu: evil, threads: 1, cpuFeatures: [], memory: 1, gpus: [], system: '', node: '', paddlelab: '' };
  const protocol = {
    preset: 'quick',
    mode: 'model',
    warmup: 1,
    runs: 1,
    rounds: 1,
    maxSeconds: 1,
    batchSizes: [],
    seed: 1,
  };
  const facts = {
    model: evil,
    task: 'detection',
    family: 'PaddleDetection 2.x',
    images: 1,
    inputShape: [1],
    protocol,
    orders: [],
    confidence: 0.95,
    machine,
    startedAt: '2026-01-01T00:00:00.000Z',
    seconds: 1,
  };
  const report = new BackendReport([row], facts as never, undefined);

  test('a report', async () => {
    expectSafe(inspect(report));
    const bundle = await report[jupyterDisplay]();
    expectSafe(bundle['text/plain']);
    expectSafePage(bundle['text/html']);
    expectSafe(report.toMarkdown());
    for (const line of report
      .toMarkdown()
      .split('\n')
      .filter((text) => text.startsWith('| 圆'))) {
      expect(line).toMatch(/\\u202e\\\|<b> \|/);
    }
    expect(report.toCsv()).toContain(`"${evil}"`);
  });

  test('changes', async () => {
    const changes = compareReports(report, report);
    expect(inspect(changes)).not.toMatch(controls);
    expect(changes.toMarkdown()).not.toMatch(controls);
    expect((await shown(changes))['text/plain']).not.toMatch(controls);
  });
});

describe('the command line', () => {
  async function lineOf(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const stdout: string[] = [];
    const stderr: string[] = [];
    const into = (text: string[]) => (piece: unknown, done?: unknown) => {
      if (typeof done === 'function') done();
      return text.push(String(piece)) > 0;
    };
    vi.spyOn(process.stdout, 'write').mockImplementation(into(stdout) as never);
    vi.spyOn(process.stderr, 'write').mockImplementation(into(stderr) as never);
    const code = await run(argv);
    vi.restoreAllMocks();
    return { code, stdout: stdout.join(''), stderr: stderr.join('') };
  }

  test('prints through one function', () => {
    const own = ['print.ts', 'infer/console/rate-bar.ts', 'progress.ts', 'commands/compare.ts'];
    const files = readdirSync(path.join(projectRoot, 'src/cli'), { recursive: true, encoding: 'utf8' });
    const others = files.filter((file) => file.endsWith('.ts') && !own.includes(file));
    for (const file of others) {
      const text = readFileSync(path.join(projectRoot, 'src/cli', file), 'utf8');
      expect(text, file).not.toMatch(/console\.(log|error|table)\(|process\.std(out|err)\.write\(/);
    }
  });

  const engine = ['--engine', 'plain'];
  let out = 0;
  const output = () => ['--output-dir', path.join(folder, `out${out++}${evilFile}`)];

  test('inspect', async () => {
    const { code, stdout, stderr } = await lineOf('inspect', model);
    expect(code).toBe(0);
    expectSafe(stdout);
    expect(stderr).toBe('');
    const json = await lineOf('inspect', model, '--json');
    expectSafe(json.stdout);
    expect(JSON.parse(json.stdout).spec.labels[0]).toBe(`0${evil}`);
  });

  test.each([[[]], [['--paddle-output']], [['--save', 'jsonl,csv,coco']]])(
    'infer %j',
    { timeout: 120_000 },
    async (flags) => {
      const { code, stdout, stderr } = await lineOf('infer', model, images, ...engine, ...output(), ...flags);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expectSafe(stdout);
      expect(stderr).not.toMatch(controls);
    },
  );

  test('infer with failing images, and with each output file', { timeout: 120_000 }, async () => {
    const broken = path.join(folder, 'broken');
    mkdirSync(broken);
    for (const name of [`1${evilFile}.png`, `2${evilFile}.png`]) writeFileSync(path.join(broken, name), 'none');
    const { code, stderr } = await lineOf('infer', model, broken, ...engine, ...output());
    expect(code).toBe(1);
    expectSafe(stderr, /failed: .*1a\\u001b\[31m\\r\\u202e\.png/);
  });

  test('infer --json', { timeout: 120_000 }, async () => {
    const { stdout } = await lineOf('infer', model, images, ...engine, ...output(), '--json');
    expectSafe(stdout);
    const { file, detections } = JSON.parse(stdout) as { file: string; detections: { label: string }[] };
    expect(path.basename(file)).toBe(`${evilFile}.png`);
    expect(detections[0]?.label).toContain(evil);
  });

  test('data files keep the original text', { timeout: 120_000 }, async () => {
    const place = path.join(folder, 'data');
    await lineOf('infer', model, images, ...engine, '--output-dir', place, '--save', 'jsonl,csv');
    const [line = ''] = readFileSync(path.join(place, 'results.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(line).detections[0].label).toContain(evil);
    expect(readFileSync(path.join(place, 'results.csv'), 'utf8')).toContain(evil);
  });

  test.each(['inspect', 'compare', 'tune', 'convert', 'bench', 'infer'])('errors of %s', async (command) => {
    const others = command === 'inspect' ? [] : ['x.png'];
    const { code, stderr } = await lineOf(command, path.join(folder, `nowhere${evilFile}`), ...others);
    expect(code).toBe(1);
    expectSafe(stderr);
  });

  test('doctor', { timeout: 120_000 }, async () => {
    vi.stubEnv('PADDLELAB_RUNTIME', path.join(folder, `nowhere${evilFile}`));
    const { code, stdout } = await lineOf('doctor');
    vi.unstubAllEnvs();
    expect(code).toBe(1);
    expectSafe(stdout);
  });

  test('unknown commands and flags', async () => {
    for (const argv of [[evilFile], ['inspect', 'x', `--${evilFile}`]]) {
      const { code, stderr } = await lineOf(...argv);
      expect(code).toBe(2);
      expectSafe(stderr);
    }
  });
});
