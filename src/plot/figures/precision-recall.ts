import { classColor, toHex } from '../../display/palette';
import type { PrecisionRecall } from '../../metrics/task-evaluator';
import { fraction, type OptionChecks, readOptions } from '../../options';
import { Figure } from '../figure';
import type { ScatterTrace } from '../types';
import { precisionRecall } from './evaluation';
import type { Results } from './results';

/** Options of `plotPrecisionRecall`. */
export interface PrecisionRecallOptions {
  /** Minimum overlap (IoU) of a box with the true one, 0 to 1; default 0.5. */
  readonly iou?: number;
}

const checks = {
  iou: fraction,
} satisfies OptionChecks<PrecisionRecallOptions>;

/**
 * Precision-recall curves: for every threshold, the share of findings that are right (precision) and the share of true
 * objects that were found (recall); one curve per class, with its average precision. Predict with `threshold: 0`,
 * otherwise the curves end early.
 *
 * @param truths the results of `readGroundTruth` for the same images, in the same order
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { plotPrecisionRecall, readGroundTruth } from 'paddlelab';
 * const truth = await readGroundTruth('shapes.coco.json', { image: 'shapes.png', labels: model.spec.labels });
 * plotPrecisionRecall(await predict(model, 'shapes.png', { threshold: 0 }), truth);
 */
export function plotPrecisionRecall(results: Results, truths: Results, options: PrecisionRecallOptions = {}): Figure {
  const { iou = 0.5 } = readOptions('plotPrecisionRecall', options, checks);
  return precisionRecallFigure(precisionRecall(results, truths, iou), iou);
}

/** The chart of curves that are already computed. */
export function precisionRecallFigure(curves: readonly PrecisionRecall[], iou: number): Figure {
  const mean = curves.reduce((sum, curve) => sum + curve.averagePrecision, 0) / Math.max(1, curves.length);
  const traces = curves.map(({ classId, label, recall, precision, scores, averagePrecision }): ScatterTrace => {
    return {
      type: 'scatter',
      mode: 'lines',
      x: [0, ...recall],
      y: [precision[0] ?? 0, ...precision],
      text: ['', ...scores.map((score) => `score ${score.toFixed(3)}`)],
      name: `${label}: AP ${(100 * averagePrecision).toFixed(1)}`,
      line: { color: toHex(classColor(classId)), width: 2 },
      cliponaxis: false,
    };
  });
  return new Figure(traces, {
    title: { text: `Precision and recall at IoU ${iou}: mean AP ${(100 * mean).toFixed(1)}` },
    xaxis: { title: { text: 'recall' }, range: [0, 1] },
    yaxis: { title: { text: 'precision' }, range: [0, 1] },
  });
}
