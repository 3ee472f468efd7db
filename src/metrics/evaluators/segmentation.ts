import type { ImageTruth } from '../../datasets/truth';
import { PaddleLabError } from '../../errors';
import { decodeLabelMap } from '../../image/label-map';
import type { SemanticSegmentationResult } from '../../results';
import { PixelEvaluator } from '../pixel-evaluator';
import type { ClassColumn, EvaluationFigures, EvaluatorOptions, TaskEvaluator } from '../task-evaluator';
import { pixelsOf } from './truth-objects';

/**
 * Classes of pixels, by the mIoU of PaddleSeg's evaluation: over all images together, the mean over all classes of the
 * model, also those that do not occur (they count 0).
 */
export class SegmentationEvaluator implements TaskEvaluator<SemanticSegmentationResult> {
  readonly truth = 'pixels';
  private readonly evaluator: PixelEvaluator;

  constructor(private readonly options: EvaluatorOptions) {
    this.evaluator = new PixelEvaluator(options.classes);
  }

  /** @returns the mean IoU of the classes that the image has or is said to have */
  add(result: SemanticSegmentationResult, truth: ImageTruth): number {
    const real = pixelsOf(truth);
    const { width, height } = result.image;
    if (real.width === width && real.height === height) return this.evaluator.add(decodeLabelMap(result), real);
    throw new PaddleLabError(
      'DATASET_INVALID',
      `Expected a mask of ${width}×${height} pixels, as the image has, but received ${real.width}×${real.height}`,
    );
  }

  async figures(): Promise<EvaluationFigures> {
    const { meanIou, meanDice, accuracy, kappa, classes } = this.evaluator.figures;
    const { labels } = this.options;
    return {
      figures: [
        { name: 'mIoU', meaning: 'mean over the classes of intersection over union', value: meanIou },
        { name: 'accuracy', meaning: 'share of the pixels with the right class', value: accuracy },
        { name: 'Dice', meaning: 'mean over the classes of 2 · intersection / (found + true)', value: meanDice },
        { name: 'kappa', meaning: 'Cohen’s kappa: agreement beyond chance', value: kappa },
      ],
      classColumns,
      classes: classes.map(({ classId, iou, dice, precision, recall, pixels }) => ({
        classId,
        label: labels[classId] ?? String(classId),
        values: [iou, dice, precision, recall, pixels],
      })),
      confusions: this.evaluator.confusions,
    };
  }

  mainFigure(weights: ArrayLike<number>): number | undefined {
    return this.evaluator.meanIou(weights);
  }
}

const classColumns: readonly ClassColumn[] = [
  { name: 'IoU', unit: 'share' },
  { name: 'Dice', unit: 'share' },
  { name: 'precision', unit: 'share' },
  { name: 'recall', unit: 'share' },
  { name: 'true pixels', unit: 'count' },
];
