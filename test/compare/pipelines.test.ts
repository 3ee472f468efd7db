import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BackendReport, compareBackends, loadModel, loadPipeline, predict, withModel } from '../../src';
import { freePort } from '../helpers/free-port';
import { demoModel, projectRoot } from '../helpers/project';
import { Serving } from '../pipelines/serving';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const picodet = demoModel('shapes_det_picodet');

/** Answers what the model finds here; the other one a moved object and one less. */
let same: Serving;
let other: Serving;
beforeAll(async () => {
  const local = { engine: 'plain', threads: 1, trial: false } as const;
  const { detections } = await withModel(picodet, (model) => predict(model, image), local);
  const detectedObjects = (detections ?? []).map(({ box, classId, label, score }) => {
    return { bbox: box, categoryId: classId, categoryName: label, score };
  });
  same = await new Serving('/object-detection', { detectedObjects }).start();
  const [first, ...rest] = detectedObjects;
  const moved = { ...first!, bbox: first!.bbox.map((side) => side + 100) };
  other = await new Serving('/object-detection', { detectedObjects: [moved, ...rest.slice(1)] }).start();
});
afterAll(() => Promise.all([same.stop(), other.stop()]));

const pipeline = (url: string, name: string) => ({ kind: 'pipeline', url, name }) as const;

test('end to end a pipeline is a row with times, agreement and bytes', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const map = await new Serving('/semantic-segmentation', {
    labelMap: Array.from({ length: 320 * 240 }, () => 0),
    size: [240, 320],
  }).start();
  const report = await compareBackends(picodet, image, {
    ...{ mode: 'endToEnd', runs: 4, rounds: 2, threads: 1, batchSizes: [2] },
    backends: [
      'plain',
      pipeline(same.url, 'same'),
      pipeline(`${other.url}/object-detection`, 'other'),
      { ...pipeline(nobody, 'nobody'), task: 'object-detection', retries: 0 },
      pipeline(map.url, 'map'),
    ],
  });
  await map.stop();
  expect(report.rows.map(({ backend, kind }) => [backend, kind])).toEqual([
    ['plain', 'measured'],
    ['same', 'measured'],
    ['other', 'measured'],
    ['nobody', 'failed'],
    ['map', 'failed'],
  ]);
  const [, row, differing] = report.measured;
  expect(row).toMatchObject({ library: "PaddleX's object-detection", runs: 4, agrees: true, outputs: undefined });
  expect(row!.stages!.inferenceMs).toBeLessThanOrEqual(row!.medianMs);
  expect(differing!.agrees).toBe(false);
  const sent = Buffer.byteLength(JSON.stringify(same.last.body));
  expect(row!.traffic!.sentBytes).toBe(sent);
  expect(row!.traffic!.receivedBytes).toBeGreaterThan(Buffer.byteLength(JSON.stringify(same.result)));
  expect(same.last.body).toMatchObject({ threshold: 0.5 });
  expect(row!.throughput[1]).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('one image per') });
  expect(report.rows[3]).toMatchObject({ reason: expect.stringMatching(/is the server running/) });
  expect(report.rows[4]).toMatchObject({ reason: 'it answers semantic-segmentation, but the model is for detection' });
  expect(report.best?.name).toBe('plain');
  expect(report.toMarkdown()).toMatch(/sent \+ received/);
  expect(BackendReport.fromJson(JSON.stringify(report.toJSON())).toCsv()).toBe(report.toCsv());
});

test('without preprocessing there is nothing to measure; what else takes no pipeline says so', async () => {
  const backends = ['plain', pipeline(same.url, 'same')] as const;
  const report = await compareBackends(picodet, image, { runs: 2, threads: 1, backends });
  expect(report.rows[1]).toMatchObject({
    kind: 'unavailable',
    reason: expect.stringContaining('mode "endToEnd" only'),
  });
  await expect(loadModel(picodet, { backend: pipeline(same.url, 'same') as never })).rejects.toThrow(
    /Expected a backend for loadModel \(loadPipeline takes a pipeline\)/,
  );
  const wrong = (own: object) =>
    compareBackends(picodet, image, { mode: 'endToEnd', backends: [{ kind: 'pipeline', ...own } as never] });
  await expect(wrong({})).rejects.toThrow(/Expected URL of a server.* for backends\[0\]\.url/);
  await expect(wrong({ url: same.url, tokn: 'a' })).rejects.toThrow(/Unknown option "tokn".*"token"/);
  await using loaded = await loadPipeline(same.url);
  await expect(compareBackends(picodet, image, { backends: [loaded as never] })).rejects.toThrow(
    /Expected plain options \{ kind: 'pipeline', url, … \}.* for backends\[0\]/,
  );
  await expect(compareBackends(loaded as never)).rejects.toThrow(/the pipeline is one of the backends/);
});
