import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  type AnyModel,
  loadPipeline,
  type Pipeline,
  type PredictResult,
  predict,
  visualize,
  withModel,
} from '../../src';
import { decodeRle } from '../../src/image/rle';
import type { ModelServer } from '../helpers/model-servers/model-server';
import { paddlexServing } from '../helpers/model-servers/paddlex-serving';
import { demoModel, projectRoot } from '../helpers/project';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const local = { engine: 'plain', threads: 1, trial: false } as const;

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.stop();
});

async function both(
  task: Parameters<typeof paddlexServing>[0],
  model: Parameters<typeof demoModel>[0],
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
  return { theirs, ours: await withModel(demoModel(model), run, local) };
}

test('object detection agrees with the local model; errors have the words of the server', async ({ skip }) => {
  const found = await both('object-detection', 'shapes_det_picodet', async (pipeline) => {
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
  const { theirs, ours } = found;
  expect(theirs.detections?.map(({ label }) => label)).toEqual(ours.detections?.map(({ label }) => label));
  for (const [i, { score, box }] of theirs.detections!.entries()) {
    const expected = ours.detections![i]!;
    expect(Math.abs(score - expected.score)).toBeLessThan(1e-5);
    // PaddleX cuts boxes at the borders of the image.
    for (const [n, side] of box.entries()) expect(Math.abs(side - Math.max(0, expected.box[n]!))).toBeLessThan(1e-3);
  }
});

test('instance segmentation: masks lie where the local ones do', async ({ skip }) => {
  const found = await both('instance-segmentation', 'shapes_ins_maskrcnn');
  if (found === undefined) return skip('no server');
  const { theirs, ours } = found;
  const first = (result: PredictResult): Uint8Array => {
    if (result.kind !== 'instance-segmentation') throw new Error(result.kind);
    return decodeRle(result.detections[0]!.mask).data;
  };
  const [a, b] = [first(theirs), first(ours)];
  const shared = a.filter((value, i) => value === 1 && b[i] === 1).length;
  const either = a.filter((value, i) => value === 1 || b[i] === 1).length;
  expect(shared / either).toBeGreaterThan(0.95);
  expect(theirs.detections!.length).toBeGreaterThan(4);
});

test('semantic segmentation: a map of the size of the image', async ({ skip }) => {
  const found = await both('semantic-segmentation', 'shapes_seg_ppliteseg');
  if (found === undefined) return skip('no server');
  const { theirs } = found;
  expect(theirs.segments!.reduce((sum, { area }) => sum + area, 0)).toBe(320 * 240);
});
