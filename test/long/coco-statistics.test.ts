import { expect, test } from 'vitest';
import type { CocoKind } from '../../src/metrics/coco/evaluate-records';
import { figuresOfSet } from '../helpers/coco-scenes';
import { randomCocoSet } from '../helpers/coco-sets';
import { askPython, ensurePythonCoco } from './python-paddle';

test.each<CocoKind>(['bbox', 'segm', 'keypoints'])('%s of 70 random sets are pycocotools’ to 1e-9', async (kind) => {
  const python = await ensurePythonCoco();
  if (python === undefined) return expect.unreachable('pycocotools is needed');
  const sets = Array.from({ length: 70 }, (_, i) => randomCocoSet(kind, 1000 * kind.length + i));
  const expected = (await askPython(python, 'coco_statistics.py', sets)) as number[][];
  for (const [i, set] of sets.entries()) {
    const found = await figuresOfSet(set);
    expect(found.length).toBe(expected[i]!.length);
    for (const [s, value] of found.entries()) expect(value, `set ${i}, figure ${s}`).toBeCloseTo(expected[i]![s]!, 9);
  }
  // Something was found in most of them.
  expect(expected.filter(([ap]) => ap! > 0.05).length).toBeGreaterThan(25);
});
