import type { ImageTruth, LabelPixels } from '../../datasets/truth';
import { forEachColumnRun } from '../../image/rle';
import type { SemanticSegmentationResult } from '../../results';
import { invalidArgument } from '../../validate';
import { ConfusionCounts } from '../confusions';
import { ignoredLabel, meanIou, pixelFigures } from '../pixel-figures';
import { count, type EvaluationFigures, type EvaluatorOptions, share, type TaskEvaluator } from '../task-evaluator';

/** Pixels of one image by class: right, predicted, true. */
interface Areas {
  readonly classIds: Uint16Array;
  readonly both: Float64Array;
  readonly predicted: Float64Array;
  readonly real: Float64Array;
}

/**
 * Evaluates the classes of pixels as PaddleSeg's `utils/metrics.py`. The number of classes is that of the labels, or
 * `classes`, or one more than the largest number seen. As in PaddleSeg, pixels whose true number is 255 are left out, and
 * those with another number outside of the classes only count for the class that is predicted there.
 */
export class PixelTaskEvaluator implements TaskEvaluator<SemanticSegmentationResult> {
  readonly truth = 'pixels';
  private readonly images: Areas[] = [];
  private readonly confusions = new ConfusionCounts();
  private largest = -1;

  constructor(private readonly options: EvaluatorOptions) {}

  /** @returns the mean IoU over the classes in the result or in the truth of this image */
  add(result: SemanticSegmentationResult, truth: ImageTruth): number {
    if (truth.kind !== 'pixels') throw invalidArgument('truth.kind', '"pixels"', truth.kind);
    const pairs = countPairs(truth.pixels, result.segments);
    const areas = new Map<number, [both: number, predicted: number, real: number]>();
    const areaOf = (classId: number): [number, number, number] => {
      const area = areas.get(classId) ?? [0, 0, 0];
      areas.set(classId, area);
      return area;
    };
    for (const [real, predicted, count] of pairs) {
      if (real === predicted) areaOf(real)[0] += count;
      areaOf(predicted)[1] += count;
      areaOf(real)[2] += count;
      this.confusions.add(real, predicted, count);
    }
    const classIds = Uint16Array.from([...areas.keys()].sort((a, b) => a - b));
    const column = (which: 0 | 1 | 2): Float64Array => Float64Array.from(classIds, (classId) => areaOf(classId)[which]);
    this.images.push({ classIds, both: column(0), predicted: column(1), real: column(2) });
    this.largest = Math.max(this.largest, classIds.at(-1) ?? -1);
    const ious = [...areas.values()].map(([both, predicted, real]) => both / (predicted + real - both));
    return ious.length === 0 ? 1 : ious.reduce((sum, iou) => sum + iou, 0) / ious.length;
  }

  async figures(): Promise<EvaluationFigures> {
    const { classes, accuracy, kappa, meanDice, meanIou: mean } = pixelFigures(this.sum(undefined));
    const known = this.classCount > 0;
    const value = (figure: number | undefined): number | undefined => (known ? figure : undefined);
    return {
      figures: [
        { name: 'mIoU', meaning: 'mean overlap (IoU) of the classes', value: value(mean) },
        { name: 'accuracy', meaning: 'part of the pixels with the right class', value: value(accuracy) },
        { name: 'Dice', meaning: 'mean Dice coefficient of the classes', value: value(meanDice) },
        { name: 'kappa', meaning: 'agreement of pixels beyond chance (Cohen)', value: value(kappa) },
      ],
      classColumns: [share('IoU'), share('precision'), share('recall'), share('Dice'), count('pixels')],
      classes: classes.map(({ classId, iou, precision, recall, dice, pixels }) => ({
        ...{ classId, label: this.options.labels[classId] ?? String(classId) },
        values: [iou, precision, recall, dice, pixels],
      })),
      confusions: this.confusions.all,
    };
  }

  mainFigure(weights: ArrayLike<number>): number | undefined {
    return this.classCount === 0 ? undefined : meanIou(this.sum(weights));
  }

  private get classCount(): number {
    const { labels, classes } = this.options;
    return classes ?? (labels.length > 0 ? labels.length : this.largest + 1);
  }

  private sum(weights: ArrayLike<number> | undefined): {
    both: Float64Array;
    predicted: Float64Array;
    real: Float64Array;
  } {
    const count = this.classCount;
    const [both, predicted, real] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
    for (const [image, areas] of this.images.entries()) {
      const weight = weights === undefined ? 1 : (weights[image] ?? 0);
      if (weight === 0) continue;
      for (let i = 0; i < areas.classIds.length; i++) {
        const classId = areas.classIds[i] as number;
        if (classId >= count) continue;
        both[classId]! += weight * (areas.both[i] as number);
        predicted[classId]! += weight * (areas.predicted[i] as number);
        real[classId]! += weight * (areas.real[i] as number);
      }
    }
    return { both, predicted, real };
  }
}

/**
 * How often each true class meets each predicted one, from the runs of the segments: decoding them into a map first would
 * take longer than counting. Pixels without a segment are of class 0, as in `decodeLabelMap`.
 */
function countPairs(
  { width, data }: LabelPixels,
  segments: SemanticSegmentationResult['segments'],
): [real: number, predicted: number, count: number][] {
  const rows = new Map<number, Float64Array>([[0, new Float64Array(256)]]);
  const uncovered = new Float64Array(256);
  for (let i = 0; i < data.length; i++) uncovered[data[i] as number]!++;
  for (const { classId, mask } of segments) {
    const row = rows.get(classId) ?? new Float64Array(256);
    rows.set(classId, row);
    forEachColumnRun(mask, (x, begin, end) => {
      for (let index = begin * width + x; index < end * width; index += width) row[data[index] as number]!++;
    });
    for (let truth = 0; truth < 256; truth++) uncovered[truth]! -= row[truth] as number;
  }
  const background = rows.get(0) as Float64Array;
  for (let truth = 0; truth < 256; truth++) background[truth]! += uncovered[truth] as number;
  return [...rows].flatMap(([found, row]) =>
    [...row.entries()]
      .filter(([truth, count]) => count > 0 && truth !== ignoredLabel)
      .map(([truth, count]): [number, number, number] => [truth, found, count]),
  );
}
