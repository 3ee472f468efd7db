import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  type AnyModel,
  compareBackends,
  decodeLabelMap,
  loadPipeline,
  type Pipeline,
  type PredictResult,
  predict,
  visualize,
  withModel,
} from '../../src';
import { decodeRle } from '../../src/image/rle';
import { distFile } from '../../src/package-root';
import { makeFolder } from '../helpers/folders';
import type { ModelServer } from '../helpers/model-servers/model-server';
import { paddlexServing } from '../helpers/model-servers/paddlex-serving';
import { demoModel, goldenImage, projectRoot, runProcess } from '../helpers/project';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const cli = distFile('cli/main.js');
const local = { engine: 'plain', threads: 1, trial: false } as const;

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.stop();
});

/** Results of the server and of its folder here, which is read as PaddleX reads it: its `inference.yml` names a PaddleX model. */
async function both(
  task: Parameters<typeof paddlexServing>[0],
  use?: (pipeline: Pipeline) => Promise<void>,
): Promise<{ theirs: PredictResult; ours: PredictResult } | undefined> {
  server = await paddlexServing(task);
  if (server === undefined) return undefined;
  await server.start();
  await using pipeline = await loadPipeline(server.url);
  expect(pipeline.task).toBe(task);
  const theirs = await predict(pipeline, image, { threshold: 0.5 });
  await visualize(image, theirs);
  await use?.(pipeline);
  const run = (loaded: AnyModel): Promise<PredictResult> => predict(loaded, image, { threshold: 0.5 });
  return { theirs, ours: await withModel(server.folder, run, local) };
}

test('object detection: the same as of the folder here; errors have the words of the server', async ({ skip }) => {
  const found = await both('object-detection', async (pipeline) => {
    const wrong = await loadPipeline(server!.url, { parameters: { logId: 5 } });
    await expect(predict(wrong, image)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(/answered (422|500), ".*(logId|Internal server error)/),
    });
    await wrong.dispose();
    const other = await loadPipeline(server!.url, { task: 'ocr' });
    await expect(predict(other, image)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await other.dispose();
    await server!.kill();
    await expect(predict(pipeline, image)).rejects.toThrow(/is the server running/);
  });
  if (found === undefined) return skip('no server');
  expectSameObjects(found.theirs, found.ours);
});

test('a folder by infer, and a row of a comparison, are as of the folder here', async ({ skip }) => {
  server = await paddlexServing('object-detection');
  if (server === undefined) return skip('no server');
  await server.start();
  const { url, folder } = server;
  const out = makeFolder();
  const found = async (name: string, ...argv: string[]): Promise<object[]> => {
    const images = path.join(projectRoot, 'notebooks/images/shapes.png');
    const own = [images, goldenImage('a_rgb_402x270.png'), goldenImage('f_rgb_640x480.jpg')];
    const output = ['--save', 'jsonl', '--output-dir', path.join(out, name), '--threshold', '0.5'];
    const { code, stderr } = await runProcess(process.execPath, [cli, 'infer', ...argv, ...own, ...output]);
    expect([code, stderr]).toEqual([0, expect.anything()]);
    const lines = (await readFile(path.join(out, name, 'results.jsonl'), 'utf8')).trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as PredictResult);
  };
  const theirs = await found('theirs', `${url}/object-detection`);
  const ours = await found('ours', folder, '--engine', 'plain', '--cpu-threads', '1');
  expect(theirs).toHaveLength(3);
  for (const [i, result] of theirs.entries()) expectSameObjects(result as PredictResult, ours[i] as PredictResult);
  const report = await compareBackends(folder, image, {
    ...{ mode: 'endToEnd', runs: 10, threads: 1 },
    backends: ['plain', { kind: 'pipeline', url, name: 'PaddleX' }],
  });
  process.stderr.write(`${report.toMarkdown()}\n`);
  expect(report.measured.map(({ backend, agrees }) => [backend, agrees])).toEqual([
    ['plain', true],
    ['PaddleX', true],
  ]);
});

test('instance segmentation: the same masks as of the folder here', async ({ skip }) => {
  const found = await both('instance-segmentation');
  if (found === undefined) return skip('no server');
  expectSameObjects(found.theirs, found.ours);
  const [theirs, ours] = [found.theirs, found.ours].map(masksOf) as [Uint8Array[], Uint8Array[]];
  expect(theirs.length).toBeGreaterThan(4);
  for (const [i, mask] of theirs.entries()) {
    const other = ours[i]!;
    const area = mask.reduce((sum, value) => sum + value, 0);
    expect(mask.filter((value, at) => value !== other[at]).length).toBeLessThanOrEqual(area / 100);
  }
});

test('semantic segmentation: the same map as of the folder here, and another than with the configuration of PaddleSeg', async ({
  skip,
}) => {
  const found = await both('semantic-segmentation');
  if (found === undefined) return skip('no server');
  const [theirs, ours] = [mapOf(found.theirs), mapOf(found.ours)];
  expect(theirs.filter((value, i) => value !== ours[i]).length).toBe(0);
  // The exported deploy.yaml says nothing of the ratio: PaddleSeg does not keep it, PaddleX does.
  const run = (loaded: AnyModel): Promise<PredictResult> => predict(loaded, image);
  const stretched = mapOf(await withModel(demoModel('shapes_seg_ppliteseg'), run, local));
  expect(theirs.filter((value, i) => value !== stretched[i]).length).toBeGreaterThan(0);
});

/** The server computes with other threads, so that the last bits may differ. */
function expectSameObjects(theirs: PredictResult, ours: PredictResult): void {
  expect(theirs.detections?.map(({ label }) => label)).toEqual(ours.detections?.map(({ label }) => label));
  for (const [i, { score, box }] of theirs.detections!.entries()) {
    const expected = ours.detections![i]!;
    expect(score).toBeCloseTo(expected.score, 4);
    for (const [n, side] of box.entries()) expect(side).toBeCloseTo(expected.box[n]!, 2);
  }
}

function masksOf(result: PredictResult): Uint8Array[] {
  if (result.kind !== 'instance-segmentation') throw new Error(result.kind);
  return result.detections.map(({ mask }) => decodeRle(mask).data);
}

function mapOf(result: PredictResult): Uint16Array | Uint8Array {
  if (result.kind !== 'semantic-segmentation') throw new Error(result.kind);
  return decodeLabelMap(result).data;
}
