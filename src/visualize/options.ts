import type { PaletteName } from '../display/palette';
import type { AnnotatorChoice } from '../drawing/annotators/annotators';

/** The looks of other tools beside our own. */
export type PictureStyle = 'default' | 'paddledetection' | 'paddleseg';

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

/** For what hands options on to `visualize`. */
export const visualizeOptionNames: readonly (keyof VisualizeOptions)[] = [
  'annotators',
  'threshold',
  'labels',
  'palette',
  'opacity',
  'scale',
  'legend',
  'style',
];
