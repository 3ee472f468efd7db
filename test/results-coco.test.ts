import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type RotatedDetectionResult, toCoco } from '../src';
import { cocoSummary } from '../src/infer/summaries/coco';
import { csvSummary } from '../src/infer/summaries/csv';

/** A square rotated onto a corner, in an image of 40×30. */
const corners = [10, 0, 20, 10, 10, 20, 0, 10];
const rotated: RotatedDetectionResult = {
  kind: 'rotated-detection',
  image: { width: 40, height: 30 },
  threshold: 0.5,
  labels: ['ship'],
  timings: { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 },
  detections: [{ classId: 0, label: 'ship', score: 0.75, box: [0, 0, 20, 20], corners }],
};

describe('rotated boxes', () => {
  test('are written to COCO as a polygon of their corners, its area, and its bounding box', () => {
    expect(toCoco(rotated, { imageId: 3, categoryIds: [7] })).toEqual([
      { image_id: 3, category_id: 7, bbox: [0, 0, 20, 20], score: 0.75, segmentation: [corners], area: 200 },
    ]);
  });

  test('have the same area for both orders of their corners', () => {
    const backwards = [10, 0, 0, 10, 10, 20, 20, 10];
    const [detection] = rotated.detections;
    const [record] = toCoco({ ...rotated, detections: [{ ...detection!, corners: backwards }] });
    expect(record).toMatchObject({ segmentation: [backwards], area: 200 });
  });

  test('keep their corners in bbox.json and results.csv', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-rotated-'));
    try {
      const records = async function* () {
        yield { file: '/a.png', name: 'a.png', result: rotated, written: [] };
      };
      const options = { folder, cocoCategories: false, threshold: undefined };
      const files = [...(await cocoSummary.write(records, options)), ...(await csvSummary.write(records, options))];
      const [boxes = '', table = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
      expect(JSON.parse(boxes)).toEqual([
        {
          ...{ image_id: 0, category_id: 0, file_name: 'a.png', bbox: [0, 0, 20, 20], score: 0.75 },
          ...{ segmentation: [corners], area: 200 },
        },
      ]);
      const [heading, row] = table.split('\r\n');
      expect(heading).toMatch(/,x2,y2,corner1_x,corner1_y,.*,corner4_x,corner4_y$/);
      expect(row).toBe(`/a.png,0,ship,0.75,0,0,20,20,${corners.join(',')}`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
