import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadModel, predict } from '../../src';
import { projectRoot, sharedPath } from '../helpers/project';

// A really trained PicoDet with raw outputs. The table has the class, the score and the corners of each box, from
// PaddleDetection's preprocess.py and PicoDetPostProcess (develop, 666f597) on outputs of Paddle 3.3.1.
type Row = readonly [category: number, score: number, left: number, top: number, right: number, bottom: number];
const folder = sharedPath('models/real/picodet_layout_cdla');
const golden: readonly Row[] = JSON.parse(readFileSync(path.join(projectRoot, 'test/golden/layout-page.json'), 'utf8'));

test.skipIf(folder === undefined)('the layout of a page, as from the scripts of PaddleDetection', async () => {
  await using model = await loadModel(folder as string, { engine: 'plain', task: 'detection' });
  const { detections } = await predict(model, path.join(folder as string, 'page.png'));
  const found = detections.toSorted((a, b) => b.score - a.score);
  expect(found.map(({ classId }) => classId)).toEqual(golden.map(([category]) => category));
  for (const [i, [, score, ...corners]] of golden.entries()) {
    expect(Math.abs((found[i]?.score ?? 0) - score)).toBeLessThan(5e-5);
    corners.forEach((value, side) => {
      expect(Math.abs((found[i]?.box[side] ?? 0) - value)).toBeLessThan(0.01);
    });
  }
});
