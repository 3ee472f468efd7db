import type { Crop } from '../image/raw-pixels';
import { Model } from '../model/model';
import { TextReader } from '../ocr/text-reader';
import { checkedLater, fraction, integer, listOf, type OptionChecks } from '../options';
import { ImagePipeline } from '../predict/image-pipeline';
import type { Detection, PredictResult, RgbPixels, Task } from '../results';
import { checkNumber, checkOneOf, checkOptions, invalidArgument } from '../validate';

/** What is done with the part of the image around an object. */
export type ChainStage<R extends PredictResult = PredictResult> =
  | Model
  | ImagePipeline<R>
  | TextReader
  | ((part: RgbPixels, object: Detection) => Promise<R>);

/**
 * The part of the image around an object that is passed on. `box`: the box, its corners cut to whole pixels, as in PaddleX.
 * `person`: enlarged as in PaddleDetection's scripts, the default for models of joints. `{ expand: 0.1 }`: the box, larger by a share
 * of its width and height on each side. A function gives any part, or nothing.
 */
export type ChainCrop =
  | 'box'
  | 'person'
  | { readonly expand: number }
  | ((object: Detection, image: { readonly width: number; readonly height: number }) => Crop | undefined);

/** Options of `chain`. */
export interface ChainOptions<S extends ChainStage = ChainStage> {
  /** What each object is passed on to: a model, another chain, a reader of `loadTextReader`, a pipeline of `loadPipeline`, a function. */
  readonly then: S;
  /** The part of the image around an object that is passed on. */
  readonly crop?: ChainCrop;
  /** Names or numbers of the classes that are passed on, all by default; the other objects stay without a result. */
  readonly classes?: readonly (string | number)[];
  /** The detector's threshold, as in `predict`. */
  readonly threshold?: number;
  /** The second model's threshold, as in `predict`. */
  readonly thenThreshold?: number;
  /** How many parts of an image go through the second network at once, 8 by default, as in PaddleDetection's script. */
  readonly batchSize?: number;
}

/** Options of a chain after they were checked. */
export type ChainSettings = Pick<ChainOptions, keyof ChainOptions>;

export const chainChecks = {
  then: checkStage,
  crop: checkCrop,
  classes: listOf('list of names or numbers of classes', nameOrNumber),
  threshold: fraction,
  thenThreshold: fraction,
  batchSize: integer(1),
} satisfies OptionChecks<ChainOptions>;

function checkStage(name: string, value: unknown): ChainStage {
  const known = value instanceof Model || value instanceof ImagePipeline || value instanceof TextReader;
  if (known || typeof value === 'function') return value as ChainStage;
  throw invalidArgument(name, 'model, chain, reader, pipeline or function', value);
}

function checkCrop(name: string, value: unknown): ChainCrop {
  if (typeof value === 'function') return checkedLater<ChainCrop>(name, value);
  if (typeof value !== 'object' || value === null) return checkOneOf(name, value, ['box', 'person']);
  checkOptions(name, value, ['expand']);
  return { expand: checkNumber(`${name}.expand`, (value as { readonly expand?: unknown }).expand, 0, 10) };
}

function nameOrNumber(name: string, value: unknown): string | number {
  if (typeof value === 'string' || (Number.isInteger(value) && (value as number) >= 0)) return value as string | number;
  throw invalidArgument(name, 'name or number of a class', value);
}

/** The tasks whose models can be the first of a chain. */
export type ChainDetectorTask = Extract<Task, 'detection' | 'instance-segmentation' | 'rotated-detection'>;
