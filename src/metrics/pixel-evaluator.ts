import type { ConfusionCount } from './task-evaluator';

/** Labels of pixels, rows from the top; the class numbers of one image. */
export interface Labels {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

/** PaddleSeg's figures of semantic segmentation, 0 to 1. */
export interface PixelFigures {
  /** Mean over the classes; a class that is neither there nor predicted counts as 0, as in PaddleSeg. */
  readonly meanIou: number;
  readonly meanDice: number;
  /** Part of the pixels that have the right class. */
  readonly accuracy: number;
  /** Cohen's kappa. */
  readonly kappa: number;
  readonly classes: readonly ClassFigures[];
}

export interface ClassFigures {
  readonly classId: number;
  readonly iou: number;
  readonly dice: number;
  readonly precision: number;
  readonly recall: number;
  /** True pixels of the class. */
  readonly pixels: number;
}

/** The label of pixels that don't count, in PaddleSeg and in Cityscapes. */
export const ignoredLabel = 255;

/** The pixels of one image by classes: those that are right, those predicted, and the true ones. */
interface PixelCounts {
  readonly both: Float64Array;
  readonly predicted: Float64Array;
  readonly real: Float64Array;
}

/** The counts of the classes of one image: class, right, predicted, true, one after another. */
type SparseCounts = Float64Array;

/** Counts pixels over images as PaddleSeg's `calculate_area` does, and gives its figures. */
export class PixelEvaluator {
  private readonly total: PixelCounts;
  private readonly image: PixelCounts;
  private readonly images: SparseCounts[] = [];
  /** Row by row, the true class and the predicted one. */
  private readonly matrix: Float64Array;
  private readonly capacity: number;
  /** The largest class so far. */
  private largest = -1;

  /** @param classes how many there are; if unknown, as many as the largest number that occurs says, at most 256 */
  constructor(private readonly classes?: number) {
    this.capacity = classes ?? 256;
    this.total = emptyCounts(this.capacity);
    this.image = emptyCounts(this.capacity);
    this.matrix = new Float64Array(this.capacity ** 2);
  }

  private get count(): number {
    return this.classes ?? this.largest + 1;
  }

  /**
   * Both of one size; pixels whose true label is `ignoredLabel` are left out.
   *
   * @returns the mean IoU of the classes in this image, true or predicted; 1 if there are none
   */
  add(predicted: Labels, truth: Labels): number {
    const { both, predicted: found, real } = this.image;
    const { capacity: classes, matrix } = this;
    for (const counts of [both, found, real]) counts.fill(0);
    for (let i = 0; i < truth.data.length; i++) {
      const [trueClass, foundClass] = [truth.data[i] as number, predicted.data[i] as number];
      if (trueClass === ignoredLabel) continue;
      if (trueClass < classes) real[trueClass] = (real[trueClass] as number) + 1;
      if (foundClass >= classes) continue;
      found[foundClass] = (found[foundClass] as number) + 1;
      if (trueClass >= classes) continue;
      const cell = trueClass * classes + foundClass;
      matrix[cell] = (matrix[cell] as number) + 1;
      if (trueClass === foundClass) both[trueClass] = (both[trueClass] as number) + 1;
    }
    return this.keepImage();
  }

  private keepImage(): number {
    const { both, predicted, real } = this.image;
    const kept: number[] = [];
    let [overlaps, count] = [0, 0];
    for (let classId = 0; classId < this.capacity; classId++) {
      const [right, found, truth] = [both[classId] as number, predicted[classId] as number, real[classId] as number];
      if (found + truth === 0) continue;
      this.largest = Math.max(this.largest, classId);
      kept.push(classId, right, found, truth);
      overlaps += ratio(right, found + truth - right);
      count++;
    }
    const sparse = Float64Array.from(kept);
    this.images.push(sparse);
    addCounts(this.total, sparse, 1);
    return count === 0 ? 1 : overlaps / count;
  }

  /** The mean IoU with each image counted as often as `weights` says; undefined without any pixel. */
  meanIou(weights: ArrayLike<number>): number | undefined {
    const counts = emptyCounts(this.capacity);
    for (const [i, image] of this.images.entries()) addCounts(counts, image, weights[i] as number);
    if (sum(counts.real) === 0) return undefined;
    let total = 0;
    for (let classId = 0; classId < this.count; classId++) total += iouOf(counts, classId);
    return total / Math.max(1, this.count);
  }

  /** How many pixels of each class were taken for which. */
  get confusions(): ConfusionCount[] {
    const found: ConfusionCount[] = [];
    this.matrix.forEach((count, cell) => {
      if (count === 0) return;
      found.push({ truth: Math.floor(cell / this.capacity), predicted: cell % this.capacity, count });
    });
    return found;
  }

  get figures(): PixelFigures {
    const classes = Array.from({ length: this.count }, (_, classId) => this.classFigures(classId));
    const mean = (pick: (one: ClassFigures) => number): number =>
      classes.reduce((sum, one) => sum + pick(one), 0) / Math.max(1, classes.length);
    const { both, predicted, real } = this.total;
    const right = sum(both);
    const total = sum(real);
    const agreed = ratio(right, total);
    const byChance = ratio(sum(predicted.map((pixels, classId) => pixels * (real[classId] as number))), total * total);
    return {
      meanIou: mean(({ iou }) => iou),
      meanDice: mean(({ dice }) => dice),
      accuracy: ratio(right, sum(predicted)),
      kappa: ratio(agreed - byChance, 1 - byChance),
      classes,
    };
  }

  private classFigures(classId: number): ClassFigures {
    const [both, predicted, real] = [this.total.both, this.total.predicted, this.total.real].map(
      (counts) => counts[classId] as number,
    ) as [number, number, number];
    return {
      classId,
      iou: iouOf(this.total, classId),
      dice: ratio(2 * both, predicted + real),
      precision: ratio(both, predicted),
      recall: ratio(both, real),
      pixels: real,
    };
  }
}

function emptyCounts(classes: number): PixelCounts {
  const counts = (): Float64Array => new Float64Array(classes);
  return { both: counts(), predicted: counts(), real: counts() };
}

function addCounts({ both, predicted, real }: PixelCounts, image: SparseCounts, times: number): void {
  for (let at = 0; at < image.length; at += 4) {
    const classId = image[at] as number;
    both[classId] = (both[classId] as number) + times * (image[at + 1] as number);
    predicted[classId] = (predicted[classId] as number) + times * (image[at + 2] as number);
    real[classId] = (real[classId] as number) + times * (image[at + 3] as number);
  }
}

function iouOf({ both, predicted, real }: PixelCounts, classId: number): number {
  const right = both[classId] as number;
  return ratio(right, (predicted[classId] as number) + (real[classId] as number) - right);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** 0 of nothing, as PaddleSeg has it. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
