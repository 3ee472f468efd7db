import { type PaletteName, paletteNames } from '../display/palette';
import type { AnnotatorChoice } from '../drawing/annotators/annotators';
import { boolean, checkedLater, fraction, listOf, name, number, type OptionChecks, oneOf } from '../options';

/** The looks of other tools beside our own. */
export type PictureStyle = (typeof pictureStyles)[number];
export const pictureStyles = ['default', 'paddledetection', 'paddleseg'] as const;

/** How `visualize` draws. */
export interface VisualizeOptions {
  /**
   * What is drawn, each above what comes before: names (`'box'`), names with options (`{ kind: 'blur', size: 12 }`) and
   * functions of your own; default: what suits the kind of result.
   */
  readonly annotators?: readonly AnnotatorChoice[];
  /** Only objects with a score above this are drawn, 0 to 1; default: all that the result holds. */
  readonly threshold?: number;
  /** Names of the classes by `classId`, instead of the model's; `undefined` in it leaves the model's. */
  readonly labels?: readonly (string | undefined)[];
  /** `default` is safe for the colour-blind; `paddle` is the palette of Paddle's Python scripts. */
  readonly palette?: PaletteName;
  /** Of mask fills, 0 (invisible) to 1 (opaque); default 0.45. */
  readonly opacity?: number;
  /** Multiplies the width of lines and the size of text, which follow the image's size; 0.1 to 20, default 1. */
  readonly scale?: number;
  /** Whether the classes are named in a corner; default: only for semantic segmentations. */
  readonly legend?: boolean;
  /**
   * `paddledetection` and `paddleseg` draw what the Python scripts of those toolkits do; only `threshold`, `labels`
   * and (PaddleSeg) `opacity` go with them.
   */
  readonly style?: PictureStyle;
}

/** What is checked of them here; annotators are made of theirs by `visualize`. */
export const visualizeChecks = {
  annotators: checkedLater,
  threshold: fraction,
  labels: listOf('array of names by classId', labelOrNone),
  palette: oneOf(paletteNames),
  opacity: fraction,
  scale: number(0.1, 20),
  legend: boolean,
  style: oneOf(pictureStyles),
} satisfies OptionChecks<VisualizeOptions>;

/** `undefined` leaves the model's name. */
function labelOrNone(option: string, label: unknown): string | undefined {
  return label === undefined ? undefined : name(option, label);
}
