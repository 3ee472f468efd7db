import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type * as Lab from '../../src';
import { ownDefinition } from '../../src/tasks/own-task';
import { makeFolder } from '../helpers/folders';
import { demoModel, projectRoot, runProcess } from '../helpers/project';

// The compiled package, because a custom task registers itself there.
const lab = require(projectRoot) as typeof Lab;
const options = { engine: 'plain', threads: 1, trial: false } as const;
const directory = demoModel('shapes_det_picodet');
const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const own = path.join(__dirname, 'own-task.cjs');

interface Circles {
  readonly circles: readonly { readonly label: string; readonly x: number; readonly radius: number }[];
}

let detections: readonly Lab.Detection[];
let result: Lab.CustomResult<Circles>;
beforeAll(async () => {
  const detector = await lab.loadModel(directory, { ...options, task: 'detection' });
  detections = (await lab.predict(detector, image)).detections;
  await detector.dispose();
  require(own);
  result = await lab.withModel(
    directory,
    async (model) => (await lab.predict(model, image)) as unknown as Lab.CustomResult<Circles>,
    options,
  );
});

/** The HTML display in a notebook. */
async function htmlOf(value: Lab.Displayable): Promise<string> {
  return String((await value[lab.jupyterDisplay]())['text/html']);
}

describe('a custom task', () => {
  test('reads the outputs of its model, and lists its results', async () => {
    expect(detections.length).toBeGreaterThan(2);
    expect(result.content.circles.map(({ label }) => label)).toEqual(detections.map(({ label }) => label));
    expect(inspect(result)).toMatch(
      new RegExp(`^${detections.length} circles in 320×240, .* ms\nshape +x +y +radius\n`),
    );
    const html = await htmlOf(result as unknown as Lab.Displayable);
    expect(html).toContain('<th style="text-align:left">shape</th><th>x</th>');
    expect(html).toMatch(/outline:1px solid.*background:#[0-9a-f]{6}"><\/span>/);
  });

  test('is drawn by its own annotators, or else by its objects', async () => {
    const [drawn, boxes, plain] = await Promise.all([
      lab.visualize(image, result),
      lab.visualize(image, result, { annotators: ['box'] }),
      lab.decodeImage(image),
    ]);
    expect(String(drawn)).toBe(`Picture 320×240 (${detections.length} circles)`);
    const [rings, edges] = [drawn, boxes].map(({ data }) => data.filter((value, i) => value !== plain.data[i]).length);
    expect(rings).toBeGreaterThan(1000);
    expect(edges).toBeGreaterThan(500);
    expect(Buffer.from(drawn.data).equals(boxes.data)).toBe(false);
    const few = await lab.visualize(image, result, { threshold: 0.99999 });
    expect(String(few)).toBe('Picture 320×240 (0 circles)');
    await lab.plotResult(image, result);
    expect(String(await lab.visualizeDifference(image, result, result))).toContain('circles');
  });

  test('has COCO records and counts, and is evaluated', () => {
    const [record] = lab.toCoco(result, { imageId: 7 }) as Lab.CocoObject[];
    const { x, radius } = result.content.circles[0]!;
    expect(record).toMatchObject({ image_id: 7, area: Math.PI * radius ** 2 });
    expect(record!.bbox[0]).toBeCloseTo(x - radius, 9);
    const matrix = lab.plotConfusionMatrix(result, result);
    const cells = (matrix.data[0] as { readonly text: readonly (readonly string[])[] }).text.flat().map(Number);
    expect(cells.reduce((sum, count) => sum + count, 0)).toBe(detections.length);
    expect(lab.plotClassCounts(result).data).toHaveLength(1);
  });

  test('is compared by its content', async () => {
    const report = await lab.compareBackends(directory, image, { backends: ['plain', 'onednn'], runs: 3, rounds: 3 });
    expect(report.facts.task).toBe('custom');
    expect(report.rows[1]).toMatchObject({ agreement: { kind: 'own', same: 1 }, agrees: true });
    expect(inspect(report)).toContain('100.0 % the same');
  });

  test('is saved by the shell: pictures, CSV, COCO, JSON lines, and shown', async () => {
    const folder = path.join(makeFolder(), 'out');
    await mkdir(folder, { recursive: true });
    const cli = path.join(projectRoot, 'dist/cli/main.js');
    const save = ['--save', 'picture,csv,coco,jsonl', '--output-dir', folder];
    const { code, stdout, stderr } = await runProcess(process.execPath, [
      ...[cli, '--require', own, 'infer', directory, image, '--engine', 'plain', ...save],
    ]);
    expect(stderr + stdout).toContain('(custom) on Paddle');
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(stdout).toMatch(/^shape +x +y +radius\n/);
    expect((await readdir(folder)).sort()).toEqual([
      '.paddlelab-infer.jsonl',
      'results.csv',
      'results.json',
      'results.jsonl',
      'shapes.png',
    ]);
    const csv = (await readFile(path.join(folder, 'results.csv'), 'utf8')).trim().split('\r\n');
    expect(csv[0]).toBe('file,shape,x,y,radius,score');
    expect(csv).toHaveLength(1 + detections.length);
    const records = JSON.parse(await readFile(path.join(folder, 'results.json'), 'utf8'));
    expect(records).toHaveLength(detections.length);
    expect(records[0]).toMatchObject({ image_id: 0, file_name: 'shapes.png', area: expect.any(Number) });
    expect(await readFile(path.join(folder, 'results.jsonl'), 'utf8')).toContain('"task":"circles"');
  });
});

test('content of unknown form is whole in a file, and no table in the shell', () => {
  const bare = ownDefinition({ name: 'bare', read: () => 0 });
  const whole = { ...result, content: { circles: [] } };
  expect(bare.table(whole)).toEqual({ columns: [], rows: [] });
  expect(JSON.parse(String(bare.csv(whole).rows[0]?.[0]))).toMatchObject({ kind: 'custom', content: { circles: [] } });
});

test('objects alone provide pictures, tables, CSV, COCO and agreement as for detectors', async () => {
  const task = lab.registerTask({
    name: 'boxes',
    read: () => detections.map(({ classId, score, box }) => ({ classId, score, box })),
    objects: ({ content }, name) => content.map((one) => ({ ...one, label: name(one.classId) })),
  });
  const model = await lab.loadModel(directory, { ...options, task });
  try {
    const found = await lab.predict(model, image);
    expect(String(await lab.visualize(image, found))).toBe(`Picture 320×240 (${detections.length} objects)`);
    expect(inspect(found)).toMatch(/ objects in 320×240, .* ms\n +class +score +x1/);
    expect(lab.toCoco(found)).toEqual(
      lab.toCoco({ ...found, kind: 'detection', detections } as unknown as Lab.PredictResult),
    );
    const report = await lab.compareBackends(model, image, { backends: ['plain', 'onednn'], runs: 3 });
    expect(report.rows[1]).toMatchObject({ agreement: { kind: 'objects', matched: detections.length, extra: 0 } });
  } finally {
    await model.dispose();
  }
});

test.each([
  [{ table: 1 }, /Expected function for task\.table but received 1/],
  [{ nouns: ['one'] }, /Expected two strings, singular and plural for task\.nouns/],
  [{ annotators: ['bax'] }, /task\.annotators\[0\]/],
])('%j is refused', (part, message) => {
  expect(() => lab.registerTask({ name: 'x', read: () => 0, ...part } as never)).toThrow(message);
});
