import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cocoSummary } from '../../src/infer/summaries/coco';
import type { ImageRecord } from '../../src/predict/result-journal';
import type { PredictResult } from '../../src/results';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-coco-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const mask = { size: [2, 2], counts: '13' };

/** A frame with one object. */
function record(frame: number): ImageRecord {
  const detections = [{ classId: 1, label: 'a', score: 0.5, box: [0, 0, 2, 1], mask }];
  const result = { kind: 'instance-segmentation', width: 2, height: 2, detections } as unknown as PredictResult;
  return { file: 'v.mp4', name: 'v.mp4', frame, time: frame / 10, result, written: [] };
}

async function bytesWritten(): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(path.join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

test('rows are written continuously, for recordings of days', async () => {
  const frames = 3000;
  const before: number[] = [];
  const records = async function* (): AsyncGenerator<ImageRecord> {
    for (let frame = 0; frame < frames; frame++) {
      if (frame === frames - 1) before.push(await bytesWritten());
      yield record(frame);
    }
  };
  const files = await cocoSummary.write(records, { folder, cocoCategories: false, threshold: undefined });
  expect(files.map((file) => path.basename(file))).toEqual(['bbox.json', 'mask.json']);
  const [boxes = [], masks = []] = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(file, 'utf8'))),
  );
  expect(boxes).toHaveLength(frames);
  expect(boxes[7]).toEqual({ image_id: 7, category_id: 1, file_name: 'v.mp4', bbox: [0, 0, 2, 1], score: 0.5 });
  expect(masks[7]).toEqual({ image_id: 7, category_id: 1, file_name: 'v.mp4', segmentation: mask, score: 0.5 });
  const [first = 0, second = 0] = before;
  expect(first).toBeGreaterThan(65_536);
  expect(second).toBeGreaterThan((await stat(files[0]!)).size + 65_536);
});

test('no empty file is written', async () => {
  const out = path.join(folder, 'none');
  const records = async function* (): AsyncGenerator<ImageRecord> {};
  expect(await cocoSummary.write(records, { folder: out, cocoCategories: false, threshold: undefined })).toEqual([]);
});
