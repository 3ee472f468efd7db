import { expect, test } from 'vitest';
import type { TextLine, TextResult } from '../../src';
import type { ImageTruth, TrueObject } from '../../src/datasets/truth';
import { TextPageEvaluator } from '../../src/metrics/tasks/text-pages';

const noTime = { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 };

/** A line 100 pixels wide and 20 high; `shift` moves it to the right. */
function cornersAt(row: number, shift = 0): readonly (readonly [number, number])[] {
  const [left, top] = [shift, 30 * row];
  return [
    [left, top],
    [left + 100, top],
    [left + 100, top + 20],
    [left, top + 20],
  ];
}

function line(row: number, text: string, shift = 0): TextLine {
  return { polygon: cornersAt(row, shift), text, score: 1, detectionScore: 1, characters: [] };
}

function page(...lines: TextLine[]): TextResult {
  const size = { width: 200, height: 200 };
  return { kind: 'text', image: size, labels: [], threshold: 0.5, timings: noTime, lines, text: '' };
}

function object(row: number, text: string | undefined, ignored = false): TrueObject {
  const corners = cornersAt(row).flat();
  const shared = { classId: 0, box: [0, 30 * row, 100, 20], area: 2000, crowd: false, ignored, corners } as const;
  return text === undefined ? shared : { ...shared, text };
}

function truth(...objects: TrueObject[]): ImageTruth {
  return { kind: 'objects', objects };
}

async function figuresOf(evaluator: TextPageEvaluator): Promise<Record<string, number | undefined>> {
  return Object.fromEntries((await evaluator.figures()).figures.map(({ name, value }) => [name, value]));
}

test('lines count with their text and place; spaces and full width do not', async () => {
  const evaluator = new TextPageEvaluator();
  const real = truth(object(0, 'Total 12'), object(1, 'abcd'), object(2, '（A）'), object(3, 'missed'));
  const found = page(line(0, 'Total12'), line(1, 'abxd', 10), line(2, '(A)'), line(5, 'xy'));
  // Similarities: 1, 3/4, 1, 0 for the missed one, 0 for the one too many.
  expect(evaluator.add(found, real)).toBeCloseTo(2.75 / 5);
  const figures = await figuresOf(evaluator);
  expect(figures).toEqual({
    hmean: 0.5,
    precision: 0.5,
    recall: 0.5,
    // 7 + 4 + 3 + 6 characters; 1 + 6 + 2 edits.
    'character accuracy': 1 - 9 / 20,
    similarity: 2.75 / 5,
    'hmean with spaces': 0.25,
  });
});

test('what can’t be read is neither right nor wrong, and a line far from its truth is both missing and too much', async () => {
  const evaluator = new TextPageEvaluator();
  evaluator.add(page(line(0, 'noise'), line(1, 'abc', 40)), truth(object(0, '###', true), object(1, 'abc')));
  expect(await figuresOf(evaluator)).toMatchObject({ precision: 0, recall: 0, hmean: 0, 'character accuracy': -1 });
});

test('of two lines at one place the one that covers more counts', async () => {
  const evaluator = new TextPageEvaluator();
  evaluator.add(page(line(0, 'wrong', 20), line(0, 'right', 2)), truth(object(0, 'right')));
  expect(await figuresOf(evaluator)).toMatchObject({ precision: 0.5, recall: 1 });
});

test('an empty page without lines is right, and the main figure is over all lines of the drawn images', async () => {
  const evaluator = new TextPageEvaluator();
  expect(evaluator.add(page(), truth())).toBe(1);
  evaluator.add(page(line(0, 'a')), truth(object(0, 'a')));
  evaluator.add(page(line(0, 'a')), truth(object(0, 'b')));
  expect(evaluator.mainFigure([1, 1, 1])).toBe(0.5);
  expect(evaluator.mainFigure([1, 2, 0])).toBe(1);
  expect(() => evaluator.add(page(), { kind: 'text', text: 'a' })).toThrow(/Expected "objects" for truth.kind/);
});
