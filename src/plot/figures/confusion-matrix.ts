import { textWidth } from '../../drawing/text';
import { PaddleLabError } from '../../errors';
import { fraction, type OptionChecks, readOptions } from '../../options';
import type { PredictResult } from '../../results';
import type { Confusion, EvaluationOptions } from '../../spec/task-parts';
import { confusionsOfBoxes } from '../../tasks/box-parts';
import { objectsOfBoth, taskOf } from '../../tasks/tasks';
import { Figure } from '../figure';
import { fontSize } from '../svg';
import { pairResults } from './evaluation';
import { findingsOf, type Results } from './results';

/** Options of `plotConfusionMatrix`. */
export interface ConfusionOptions {
  /** Only objects with a score above this are counted, 0 to 1; default 0.5. */
  readonly threshold?: number;
  /** Minimum overlap (IoU) of a box with the true one, 0 to 1; default 0.5. */
  readonly iou?: number;
}

const checks = {
  threshold: fraction,
  iou: fraction,
} satisfies OptionChecks<ConfusionOptions>;

/**
 * A confusion matrix: true classes in rows, predicted ones in columns. Objects are matched by overlap regardless of
 * their classes, and unmatched ones count as "nothing"; for segmentations, pixels are counted; for classifications, the
 * best class.
 *
 * @param truths the ground truth of the same images in the same order
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { plotConfusionMatrix, readGroundTruth } from 'paddlelab';
 * const truth = await readGroundTruth('shapes.coco.json', { image: 'shapes.png', labels: model.spec.labels });
 * plotConfusionMatrix(result, truth);
 */
export function plotConfusionMatrix(results: Results, truths: Results, options: ConfusionOptions = {}): Figure {
  const { threshold = 0.5, iou = 0.5 } = readOptions('plotConfusionMatrix', options, checks);
  const images = pairResults(results, truths);
  const labels = namesOf(images.flat());
  return confusionFigure(
    images.flatMap(([result, truth]) => confusionsOf(result, truth, { threshold, iou })),
    (classId) => labels.get(classId),
  );
}

/** The chart of confusions that are already counted. */
export function confusionFigure(
  confusions: readonly Confusion[],
  nameOf: (classId: number) => string | undefined,
): Figure {
  const { classes, cells } = countConfusions(confusions);
  const names = classes.map((classId) => (classId === undefined ? 'nothing' : (nameOf(classId) ?? String(classId))));
  return drawMatrix(names, cells);
}

/** The classes that occur, `undefined` for nothing last, and the counts: one row per true class. */
function countConfusions(confusions: readonly Confusion[]): {
  readonly classes: readonly (number | undefined)[];
  readonly cells: readonly (readonly number[])[];
} {
  const counts = new Map<string, number>();
  for (const [real, predicted, count] of confusions) {
    const key = `${real} ${predicted}`;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  const used = new Set(confusions.flatMap((confusion) => confusion.slice(0, 2)));
  const numbers = [...used].filter((classId) => classId !== undefined).sort((a, b) => a - b);
  const classes = used.has(undefined) ? [...numbers, undefined] : numbers;
  const cells = classes.map((real) => classes.map((predicted) => counts.get(`${real} ${predicted}`) ?? 0));
  return { classes, cells };
}

function drawMatrix(names: readonly string[], cells: readonly (readonly number[])[]): Figure {
  const shares = cells.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => count / Math.max(1, total));
  });
  const side = cellSide(names.length);
  // In small cells zeros would be distracting.
  const text = cells.map((row) => row.map((count) => (count === 0 && side < minSideForZeros ? '' : String(count))));
  const widest = Math.max(0, ...names.map((name) => textWidth(name, fontSize)));
  const matrix = {
    type: 'heatmap',
    ...{ z: shares, x: names, y: names, text, texttemplate: '%{text}', zmin: 0, zmax: 1 },
    // From white to blue, so that empty cells look like the background; dark numbers are readable on the darkest colour.
    colorscale: [
      [0, '#ffffff'],
      [1, '#6aaed6'],
    ],
    textfont: { color: '#000000' },
  } as const;
  const turned = widest > side - 6;
  return new Figure([{ ...matrix, showscale: false, name: '' }], {
    title: { text: 'Confusion matrix' },
    xaxis: { title: { text: 'predicted' }, type: 'category', dtick: 1, tickangle: turned ? -90 : 0 },
    yaxis: { title: { text: 'true' }, type: 'category', dtick: 1, autorange: 'reversed' },
    width: Math.max(420, Math.ceil(90 + widest + side * names.length)),
    height: Math.ceil(140 + (turned ? widest : 0) + side * names.length),
  });
}

/** Minimum side length of a cell for printing zeros. */
const minSideForZeros = 30;

/** Side length of a cell in pixels: smaller for many classes, but at least the height of a line of text. */
function cellSide(count: number): number {
  return Math.max(18, Math.min(90, Math.round(440 / Math.max(1, count))));
}

/** The classes' names, from the model's labels and from the findings. */
function namesOf(results: readonly PredictResult[]): Map<number, string> {
  const names = new Map<number, string>();
  for (const result of results) {
    for (const [classId, label] of result.labels.entries()) names.set(classId, label);
    for (const { classId, label } of findingsOf(result)) if (!names.has(classId)) names.set(classId, label);
  }
  return names;
}

function confusionsOf(result: PredictResult, truth: PredictResult, options: EvaluationOptions): readonly Confusion[] {
  const { confusions } = taskOf(result);
  // Boxes of different kinds can be matched, for example those of masks with true boxes.
  const both = result.kind === truth.kind ? undefined : objectsOfBoth(result, truth);
  if (both !== undefined) return confusionsOfBoxes(...both, options);
  if (result.kind === truth.kind && confusions !== undefined) return confusions(result, truth, options);
  const text =
    result.kind === truth.kind
      ? `Expected results with objects, pixels or classes but received kind "${result.kind}"`
      : `Expected truth of the same kind as the result (${result.kind}) but received ${truth.kind}`;
  throw new PaddleLabError('INVALID_ARGUMENT', text);
}
