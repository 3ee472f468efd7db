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

/** Counts pixels over images as PaddleSeg's `calculate_area` does, and gives its figures. */
export class PixelEvaluator {
  private readonly both: Float64Array;
  private readonly predicted: Float64Array;
  private readonly real: Float64Array;

  constructor(private readonly classes: number) {
    this.both = new Float64Array(classes);
    this.predicted = new Float64Array(classes);
    this.real = new Float64Array(classes);
  }

  /** Both of one size; pixels whose true label is `ignoredLabel` are left out. */
  add(predicted: Labels, truth: Labels): void {
    for (let i = 0; i < truth.data.length; i++) {
      const [real, found] = [truth.data[i] as number, predicted.data[i] as number];
      if (real === ignoredLabel) continue;
      if (real < this.classes) this.real[real] = (this.real[real] as number) + 1;
      if (found < this.classes) this.predicted[found] = (this.predicted[found] as number) + 1;
      if (real === found && real < this.classes) this.both[real] = (this.both[real] as number) + 1;
    }
  }

  get figures(): PixelFigures {
    const classes = Array.from({ length: this.classes }, (_, classId) => this.classFigures(classId));
    const mean = (pick: (one: ClassFigures) => number): number =>
      classes.reduce((sum, one) => sum + pick(one), 0) / Math.max(1, classes.length);
    const right = sum(this.both);
    const total = sum(this.real);
    const agreed = ratio(right, total);
    const byChance = ratio(
      sum(this.predicted.map((pixels, classId) => pixels * (this.real[classId] as number))),
      total * total,
    );
    return {
      meanIou: mean(({ iou }) => iou),
      meanDice: mean(({ dice }) => dice),
      accuracy: ratio(right, sum(this.predicted)),
      kappa: ratio(agreed - byChance, 1 - byChance),
      classes,
    };
  }

  private classFigures(classId: number): ClassFigures {
    const both = this.both[classId] as number;
    const [predicted, real] = [this.predicted[classId] as number, this.real[classId] as number];
    return {
      classId,
      iou: ratio(both, predicted + real - both),
      dice: ratio(2 * both, predicted + real),
      precision: ratio(both, predicted),
      recall: ratio(both, real),
      pixels: real,
    };
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** 0 of nothing, as PaddleSeg has it. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
