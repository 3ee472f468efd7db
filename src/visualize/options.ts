import type { AnnotatorChoice } from '../drawing/annotators/annotators';
import { checkPalette, type Palette } from '../drawing/colors';
import { anyText, boolean, checkedLater, fraction, listOf, number, type OptionChecks, oneOf } from '../options';
import { checkInteger } from '../validate';

/** The styles of other tools, in addition to paddlelab's own. */
export type PictureStyle = (typeof pictureStyles)[number];
export const pictureStyles = ['default', 'paddledetection', 'paddleseg'] as const;

/** What decides the colour of an object. */
export type ColorBy = 'class' | 'object' | 'track';
const colorings: readonly ColorBy[] = ['class', 'object', 'track'];

/** Options of `visualize`. */
export interface VisualizeOptions {
  /**
   * The annotators, each drawn on top of the previous ones: names (`'box'`), names with options (`{ kind: 'blur', size:
   * 12 }`) and functions of your own; default: depends on the kind of result.
   */
  readonly annotators?: readonly AnnotatorChoice[];
  /** Only objects with a score above this are drawn, 0 to 1; default: all objects of the result. */
  readonly threshold?: number;
  /** Names of the classes by `classId`, instead of the model's; an `undefined` entry keeps the model's name. */
  readonly labels?: readonly (string | undefined)[];
  /**
   * `default` is safe for colour-blind people; `paddle` is the palette of Paddle's Python scripts; or your own colours,
   * `['#0072b2', [230, 159, 0]]`, one for each class, which repeat.
   */
  readonly palette?: Palette;
  /** A colour for each class (default), for each object of the picture, or for each track (objects need a `trackId`). */
  readonly colorBy?: ColorBy;
  /**
   * The class of a segmentation that is not tinted, an integer ≥ 0; false tints all. Default: the class that is named
   * `background`.
   */
  readonly background?: number | false;
  /** Opacity of masks, 0 (invisible) to 1 (opaque); default 0.45. */
  readonly opacity?: number;
  /** Multiplies line widths and text sizes, which depend on the image's size; 0.1 to 20, default 1. */
  readonly scale?: number;
  /** Whether to draw a legend of the classes in a corner; default: only for semantic segmentations. */
  readonly legend?: boolean;
  /**
   * `paddledetection` and `paddleseg` draw like the Python scripts of those toolkits; they can only be combined with
   * `threshold`, `labels` and (PaddleSeg) `opacity`.
   */
  readonly style?: PictureStyle;
}

/** Checks of the options; the options of annotators are checked by the annotators. */
export const visualizeChecks = {
  annotators: checkedLater,
  threshold: fraction,
  labels: listOf('array of names by classId', labelOrNone),
  palette: checkPalette,
  colorBy: oneOf(colorings),
  background: classOrNone,
  opacity: fraction,
  scale: number(0.1, 20),
  legend: boolean,
  style: oneOf(pictureStyles),
} satisfies OptionChecks<VisualizeOptions>;

function classOrNone(option: string, value: unknown): number | false {
  return value === false ? value : checkInteger(option, value, 0);
}

/** `undefined` keeps the model's name. */
function labelOrNone(option: string, label: unknown): string | undefined {
  return label === undefined ? undefined : anyText(option, label);
}
