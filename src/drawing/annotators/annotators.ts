import { checkOneOf, checkOptions, invalidArgument } from '../../validate';
import type { Annotator } from './annotator';
import { type BackgroundOptions, createBackground } from './background';
import { createBox } from './box';
import { createCircle } from './circle';
import { createContour } from './contour';
import { type CornerBoxOptions, createCornerBox } from './corner-box';
import { type CropInsetOptions, createCropInset } from './crop-inset';
import { createDot, type DotOptions } from './dot';
import { createEllipse, type EllipseOptions } from './ellipse';
import { createHalo, type HaloOptions } from './halo';
import { createHeatMap, type HeatMapOptions } from './heat-map';
import { createHeatOverTime, type HeatOverTimeOptions } from './heat-over-time';
import { createBlur, createPixelate, type HideOptions } from './hide-objects';
import { createLabel, type LabelOptions } from './label';
import { createLegend, type LegendOptions } from './legend';
import { createLine, type LineOptions } from './line';
import { createMask } from './mask';
import { createPercentageBar, type PercentageBarOptions } from './percentage-bar';
import { createPolygon, type PolygonOptions } from './polygon';
import { createRotatedBox } from './rotated-box';
import { createRoundedBox, type RoundedBoxOptions } from './rounded-box';
import { createSegmentation } from './segmentation';
import { createSkeleton, type SkeletonOptions } from './skeleton';
import { createText, type TextOptions } from './text';
import { createTopClasses, type TopClassesOptions } from './top-classes';
import { createTrace, type TraceOptions } from './trace';
import { createTriangle, type TriangleOptions } from './triangle';
import { createZone, type ZoneOptions } from './zone';

type NoOptions = Readonly<Record<never, never>>;

/** The options of each annotator that draws without any, by its name in `visualize`. */
interface OptionalByName {
  readonly background: BackgroundOptions;
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
  readonly halo: HaloOptions;
  readonly circle: NoOptions;
  readonly ellipse: EllipseOptions;
  readonly triangle: TriangleOptions;
  readonly dot: DotOptions;
  readonly percentageBar: PercentageBarOptions;
  readonly skeleton: SkeletonOptions;
  readonly cropInset: CropInsetOptions;
  readonly label: LabelOptions;
  readonly text: TextOptions;
  readonly topClasses: TopClassesOptions;
  readonly legend: LegendOptions;
}

/** The options of each annotator that needs some. */
interface NeededByName {
  readonly heatOverTime: HeatOverTimeOptions;
  readonly trace: TraceOptions;
  readonly zone: ZoneOptions;
  readonly line: LineOptions;
}

type OptionsByName = OptionalByName & NeededByName;

/** The annotators that need no options, by name. */
export type AnnotatorName = keyof OptionalByName;

/** An annotator by its name, with options: `{ kind: 'blur', size: 12 }`. */
export type AnnotatorWithOptions = {
  readonly [Name in keyof OptionsByName]: { readonly kind: Name } & OptionsByName[Name];
}[keyof OptionsByName];

/** The type of `annotators`: names, names with options, and functions of your own. */
export type AnnotatorChoice = AnnotatorName | AnnotatorWithOptions | Annotator;

/** Every annotator; a new one adds its file, its options above, and a line here. */
export const annotators: { readonly [Name in keyof OptionsByName]: (options: OptionsByName[Name]) => Annotator } = {
  background: createBackground,
  heatMap: createHeatMap,
  heatOverTime: createHeatOverTime,
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
  halo: createHalo,
  circle: withoutOptions('circle', createCircle),
  ellipse: createEllipse,
  triangle: createTriangle,
  dot: createDot,
  percentageBar: createPercentageBar,
  trace: createTrace,
  zone: createZone,
  line: createLine,
  skeleton: createSkeleton,
  cropInset: createCropInset,
  label: createLabel,
  text: createText,
  topClasses: createTopClasses,
  legend: createLegend,
};

/** An annotator without options refuses every option, as the others refuse unknown ones. */
function withoutOptions(name: keyof OptionsByName, create: () => Annotator): (options?: NoOptions) => Annotator {
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
  const names = Object.keys(annotators) as (keyof OptionsByName)[];
  return wanted.map((item: unknown, index) => {
    if (typeof item === 'function') return item as Annotator;
    const kind = typeof item === 'object' && item !== null ? (item as { kind?: unknown }).kind : item;
    const create = annotators[checkOneOf(`${option}[${index}]`, kind, names)] as (options: object) => Annotator;
    if (kind === item) return create({});
    const { kind: _, ...options } = item as AnnotatorWithOptions;
    return create(options);
  });
}
