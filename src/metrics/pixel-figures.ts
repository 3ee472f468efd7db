/** PaddleSeg's figures of semantic segmentation, 0 to 1. */
export interface PixelFigures {
  /** Mean over the classes; a class that is neither there nor predicted counts as 0, as in PaddleSeg. */
  readonly meanIou: number;
  readonly meanDice: number;
  /** Part of the pixels that have the right class; undefined if no pixel counts. */
  readonly accuracy: number | undefined;
  /** Cohen's kappa; undefined if no pixel counts, or if chance alone would make every one right. */
  readonly kappa: number | undefined;
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

/** Pixels of each class: right, predicted, true. */
export interface PixelAreas {
  readonly both: Float64Array;
  readonly predicted: Float64Array;
  readonly real: Float64Array;
}

/** PaddleSeg's `mean_iou`, `dice`, `class_measurement` and `kappa`. */
export function pixelFigures(areas: PixelAreas): PixelFigures {
  const { both, predicted, real } = areas;
  const classes = Array.from(both, (_, classId) => classFigures(areas, classId));
  const right = sum(both);
  const total = sum(real);
  const agreed = right / total;
  const byChance = sum(predicted.map((pixels, classId) => pixels * (real[classId] as number))) / (total * total);
  return {
    meanIou: meanIou(areas),
    meanDice: classes.reduce((dice, one) => dice + one.dice, 0) / Math.max(1, classes.length),
    accuracy: finite(right / sum(predicted)),
    kappa: finite((agreed - byChance) / (1 - byChance)),
    classes,
  };
}

/** Mean over the classes; one that is neither there nor predicted counts as 0. */
export function meanIou({ both, predicted, real }: PixelAreas): number {
  let ious = 0;
  for (let i = 0; i < both.length; i++) {
    ious += ratio(both[i] as number, (predicted[i] as number) + (real[i] as number) - (both[i] as number));
  }
  return ious / Math.max(1, both.length);
}

function classFigures(areas: PixelAreas, classId: number): ClassFigures {
  const both = areas.both[classId] as number;
  const [predicted, real] = [areas.predicted[classId] as number, areas.real[classId] as number];
  return {
    classId,
    iou: ratio(both, predicted + real - both),
    dice: ratio(2 * both, predicted + real),
    precision: ratio(both, predicted),
    recall: ratio(both, real),
    pixels: real,
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** PaddleSeg's value is NaN or infinite where it divides by 0. */
function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** 0 of nothing, as PaddleSeg has it for each class. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
