import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TrueObject } from '../../src/datasets/truth';
import { isSimple, sharedArea } from '../../src/metrics/polygon-overlap';
import { TextRegionEvaluator } from '../../src/metrics/tasks/text-regions';
import type { TextDetectionResult } from '../../src/results';
import { randomNumbers } from '../helpers/kernel-properties';
import { ensureOpenCv } from '../helpers/opencv';
import { projectRoot } from '../helpers/project';

type Points = [number, number][];

function resultOf(polygons: readonly Points[]): TextDetectionResult {
  const regions = polygons.map((polygon) => ({ polygon, score: 0.9 }));
  return { kind: 'text-detection', image: { width: 400, height: 300 }, regions } as unknown as TextDetectionResult;
}

function truthOf(points: Points, ignored = false): TrueObject {
  const corners = points.flat();
  const shape = points.length === 4 ? { corners } : { mask: [corners] };
  return { classId: 0, box: [0, 0, 1, 1], area: 1, crowd: false, ignored, ...shape };
}

function square(left: number, top: number, side = 10): Points {
  return [
    [left, top],
    [left + side, top],
    [left + side, top + side],
    [left, top + side],
  ];
}

interface Figures {
  readonly hmeans: readonly number[];
  readonly [name: string]: unknown;
}

async function figuresOf(...images: [found: readonly Points[], truths: readonly TrueObject[]][]): Promise<Figures> {
  const evaluator = new TextRegionEvaluator();
  const hmeans = images.map(([found, objects]) => evaluator.add(resultOf(found), { kind: 'objects', objects }));
  const { figures } = await evaluator.figures();
  return { hmeans, ...Object.fromEntries(figures.map(({ name, value }) => [name, value])) };
}

describe('regions of text are measured', () => {
  test('by precision, recall and their harmonic mean over all images', async () => {
    const truth = [square(0, 0), square(50, 0)].map((points) => truthOf(points));
    expect(await figuresOf([[square(1, 0), square(100, 100), square(120, 100)], truth], [[], []])).toEqual({
      hmeans: [0.4, 1],
      ...{ hmean: 0.4, precision: 1 / 3, recall: 0.5 },
    });
  });

  test('without those inside of ignored ones', async () => {
    const truth = [truthOf(square(0, 0)), truthOf(square(100, 100, 30), true)];
    const { precision, recall } = await figuresOf([[square(0, 0), square(105, 105)], truth]);
    expect([precision, recall]).toEqual([1, 1]);
  });

  test('an overlap of exactly a half is not enough', async () => {
    const half: Points = [
      [0, 0],
      [10, 0],
      [10, 5],
      [0, 5],
    ];
    expect(await figuresOf([[half], [truthOf(square(0, 0))]])).toMatchObject({ hmean: 0 });
  });

  const python = ensureOpenCv('text');
  test.skipIf(python === undefined)('as by PaddleOCR for random regions of any shape', async () => {
    const random = randomNumbers(19);
    const between = (least: number, most: number): number => Math.round(least + random() * (most - least));
    const near = (points: Points, by: number): Points =>
      points.map(([x, y]) => [x + between(-by, by), y + between(-by, by)]);
    const outline = (): Points => {
      const [x, y] = [between(0, 200), between(0, 200)];
      if (random() < 0.6) return near(square(x, y, between(8, 40)), random() < 0.3 ? 20 : 4);
      const corners = between(5, 9);
      return Array.from({ length: corners }, (_, i): [number, number] => {
        const radius = between(6, 30);
        const angle = (2 * Math.PI * i) / corners;
        return [Math.round(x + radius * Math.cos(angle)), Math.round(y + radius * Math.sin(angle))];
      });
    };
    const images = Array.from({ length: 300 }, () => {
      const truths = Array.from({ length: between(0, 6) }, () => ({ points: outline(), ignored: random() < 0.25 }));
      const found = truths.filter(() => random() < 0.8).map(({ points }) => near(points, random() < 0.5 ? 1 : 4));
      return { truths, found: [...found, ...Array.from({ length: between(0, 3) }, outline)] };
    });
    const script = path.join(projectRoot, 'test/metrics/text_regions.py');
    const { stdout, stderr } = spawnSync(python as string, [script], {
      input: JSON.stringify(images),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const expected = JSON.parse(stdout) as [number, number, number][];
    const own = await Promise.all(
      images.map(({ found, truths }) =>
        figuresOf([found, truths.map(({ points, ignored }) => truthOf(points, ignored))]),
      ),
    );
    expect(own.map(({ precision, recall }) => [precision, recall])).toEqual(
      expected.map(([matched, found, truths]) => [found && matched / found, truths && matched / truths]),
    );
    expect(expected.filter(([matched]) => matched > 1).length).toBeGreaterThan(50);
  });
});

describe('polygons', () => {
  test('share an area, whatever their shape and direction', () => {
    const hook = [0, 0, 30, 0, 30, 10, 10, 10, 10, 30, 0, 30];
    expect(sharedArea(hook, square(5, 5).flat())).toBeCloseTo(75, 6);
    expect(sharedArea(hook, square(5, 5).reverse().flat())).toBeCloseTo(75, 6);
    expect(sharedArea(hook, square(11, 11).flat())).toBe(0);
    expect(sharedArea(square(0, 0).flat(), square(5, 5).flat())).toBeCloseTo(25, 9);
  });

  test('whose sides cross, touch or have no area are not simple', () => {
    expect(isSimple(square(0, 0).flat())).toBe(true);
    expect(isSimple([0, 0, ...square(0, 0).flat()])).toBe(true);
    expect(isSimple([0, 0, 10, 10, 10, 0, 0, 10])).toBe(false);
    expect(isSimple([0, 0, 10, 0, 5, 0, 5, 5])).toBe(false);
    expect(isSimple([0, 0, 10, 0, 10, 10, 5, 0])).toBe(false);
    expect(isSimple([0, 0, 5, 5, 10, 10])).toBe(false);
    expect(isSimple([0, 0, 5, 5])).toBe(false);
  });
});
