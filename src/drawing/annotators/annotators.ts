import { checkOneOf, checkOptions, invalidArgument } from '../../validate';
import type { Annotator } from './annotator';
import { createBox } from './box';
import { createContour } from './contour';
import { type CornerBoxOptions, createCornerBox } from './corner-box';
import { createHeatMap, type HeatMapOptions } from './heat-map';
import { createBlur, createPixelate, type HideOptions } from './hide-objects';
import { createLabel } from './label';
import { createLegend, type LegendOptions } from './legend';
import { createMask } from './mask';
import { createPolygon, type PolygonOptions } from './polygon';
import { createRotatedBox } from './rotated-box';
import { createRoundedBox, type RoundedBoxOptions } from './rounded-box';
import { createSegmentation } from './segmentation';
import { createSkeleton, type SkeletonOptions } from './skeleton';
import { createText, type TextOptions } from './text';
import { createTopClasses, type TopClassesOptions } from './top-classes';

type NoOptions = Readonly<Record<never, never>>;

/** The options of each annotator, by its name in `visualize`. */
interface OptionsByName {
  readonly heatMap: HeatMapOptions;
  readonly segmentation: NoOptions;
  readonly mask: NoOptions;
  readonly blur: HideOptions;
  readonly pixelate: HideOptions;
  readonly contour: NoOptions;
  readonly polygon: PolygonOptions;
  readonly box: NoOptions;
  readonly roundedBox: RoundedBoxOptions;
  readonly cornerBox: CornerBoxOptions;
  readonly rotatedBox: NoOptions;
  readonly skeleton: SkeletonOptions;
  readonly label: NoOptions;
  readonly text: TextOptions;
  readonly topClasses: TopClassesOptions;
  readonly legend: LegendOptions;
}

/** The annotators by name. */
export type AnnotatorName = keyof OptionsByName;

/** An annotator by its name, with options: `{ kind: 'blur', size: 12 }`. */
export type AnnotatorWithOptions = {
  readonly [Name in AnnotatorName]: { readonly kind: Name } & OptionsByName[Name];
}[AnnotatorName];

/** The type of `annotators`: names, names with options, and functions of your own. */
export type AnnotatorChoice = AnnotatorName | AnnotatorWithOptions | Annotator;

/** Every annotator; a new one adds its file, its options above, and a line here. */
export const annotators: { readonly [Name in AnnotatorName]: (options?: OptionsByName[Name]) => Annotator } = {
  heatMap: createHeatMap,
  segmentation: withoutOptions('segmentation', createSegmentation),
  mask: withoutOptions('mask', createMask),
  blur: createBlur,
  pixelate: createPixelate,
  contour: withoutOptions('contour', createContour),
  polygon: createPolygon,
  box: withoutOptions('box', createBox),
  roundedBox: createRoundedBox,
  cornerBox: createCornerBox,
  rotatedBox: withoutOptions('rotatedBox', createRotatedBox),
  skeleton: createSkeleton,
  label: withoutOptions('label', createLabel),
  text: createText,
  topClasses: createTopClasses,
  legend: createLegend,
};

/** An annotator without options refuses every option, as the others refuse unknown ones. */
function withoutOptions(name: AnnotatorName, create: () => Annotator): (options?: NoOptions) => Annotator {
  return (options) => {
    checkOptions(name, options, []);
    return create();
  };
}

/**
 * The chosen annotators.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 */
export function chooseAnnotators(wanted: unknown, option = 'annotators'): Annotator[] {
  if (!Array.isArray(wanted)) throw invalidArgument(option, 'array of annotators', wanted);
  const names = Object.keys(annotators) as AnnotatorName[];
  return wanted.map((item: unknown, index) => {
    if (typeof item === 'function') return item as Annotator;
    const kind = typeof item === 'object' && item !== null ? (item as { kind?: unknown }).kind : item;
    const create = annotators[checkOneOf(`${option}[${index}]`, kind, names)] as (options?: object) => Annotator;
    if (kind === item) return create();
    const { kind: _, ...options } = item as AnnotatorWithOptions;
    return create(options);
  });
}
