import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSmoother, masks, mergeObjects, nms, type RleMask } from '../../src';
import { projectRoot } from '../helpers/project';

type Row = readonly [x1: number, y1: number, x2: number, y2: number, score: number, classId: number];

/** Made by golden.py with supervision and pycocotools. */
interface Golden {
  readonly overlaps: readonly {
    readonly metric: 'iou' | 'ios';
    readonly threshold: number;
    readonly classAgnostic: boolean;
    readonly rows: readonly Row[];
    readonly kept: readonly number[];
    /** The best first. */
    readonly groups: readonly (readonly number[])[];
  }[];
  readonly smoothing: readonly {
    readonly ids: readonly number[];
    readonly rows: readonly (readonly number[])[];
    readonly smoothed: readonly (readonly number[])[];
  }[];
  readonly masks: readonly (RleMask & { readonly area: number; readonly box: readonly number[] })[];
  readonly pairs: readonly {
    readonly a: number;
    readonly b: number;
    readonly and: string;
    readonly or: string;
    readonly minus: string;
    readonly iou: number;
  }[];
}

const golden: Golden = JSON.parse(readFileSync(path.join(projectRoot, 'test/golden/objects.json'), 'utf8'));

describe.each(golden.overlaps)('$metric ≥ $threshold, of all classes: $classAgnostic', (run) => {
  const objects = run.rows.map(([x1, y1, x2, y2, score, classId], index) => {
    return { index, classId, label: `class ${classId}`, score, box: [x1, y1, x2, y2] as const };
  });
  const options = { metric: run.metric, threshold: run.threshold, classAgnostic: run.classAgnostic };

  test('non-maximum suppression keeps what supervision keeps', () => {
    expect(nms(objects, options).map(({ index }) => index)).toEqual(run.kept);
  });

  test('merging joins the groups of supervision', () => {
    const expected = run.groups.map((group) => {
      const side = (at: 0 | 1 | 2 | 3) => group.map((index) => run.rows[index]![at]);
      const box = [Math.min(...side(0)), Math.min(...side(1)), Math.max(...side(2)), Math.max(...side(3))];
      return { ...objects[group[0]!]!, box };
    });
    expected.sort((a, b) => b.score - a.score);
    expect(mergeObjects(objects, options)).toEqual(expected);
  });
});

test('in most runs something is removed, and in some much', () => {
  const removed = golden.overlaps.map(({ rows, kept }) => rows.length - kept.length);
  expect(removed.filter((count) => count > 0).length).toBeGreaterThan(8);
  expect(Math.max(...removed)).toBeGreaterThan(20);
});

test('boxes and scores are smoothed as in supervision', () => {
  const smoother = createSmoother({ frames: 4 });
  for (const { ids, rows, smoothed } of golden.smoothing) {
    const objects = rows.map(([x1 = 0, y1 = 0, x2 = 0, y2 = 0, score = 0], i) => {
      return { trackId: ids[i]!, classId: 0, label: 'a', score, box: [x1, y1, x2, y2] as const };
    });
    const found = smoother.update(objects).map(({ box, score }) => [...box, score]);
    for (const [i, row] of found.entries()) {
      for (const [k, value] of row.entries()) expect(value).toBeCloseTo(smoothed[i]![k]!, 6);
    }
  }
  expect(golden.smoothing.length).toBeGreaterThan(30);
});

describe('masks', () => {
  const mask = (index: number): RleMask => {
    const { size, counts } = golden.masks[index]!;
    return { size, counts };
  };

  test.each(['and', 'or', 'minus'] as const)('`%s` is that of pycocotools, to the byte', (name) => {
    for (const pair of golden.pairs) {
      const { counts, size } = masks[name](mask(pair.a), mask(pair.b));
      expect(counts).toBe(pair[name]);
      expect(size).toEqual([37, 53]);
    }
  });

  test('so are areas, boxes and overlaps', () => {
    for (const [index, { area, box }] of golden.masks.entries()) {
      const [x, y, width, height] = box as [number, number, number, number];
      expect(masks.area(mask(index))).toBe(area);
      expect(masks.box(mask(index))).toEqual(area === 0 ? undefined : [x, y, x + width, y + height]);
    }
    for (const { a, b, iou } of golden.pairs) {
      // pycocotools divides 0 by 0 as 0 / 1.
      expect(masks.iou(mask(a), mask(b))).toBeCloseTo(iou, 12);
    }
  });
});
