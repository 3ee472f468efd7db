import { PaddleLabError } from '../errors';
import { decodeImage, type ImageInput, type RgbImage } from '../image/image';
import { type Crop, cropPixels } from '../image/raw-pixels';
import { Model } from '../model/model';
import { movedResult } from '../model-io/moved-result';
import { presentResult } from '../model-io/present-result';
import type { TextReader } from '../ocr/text-reader';
import { readOptions } from '../options';
import { ImagePipeline, type PipelineReading, type PipelineRun } from '../predict/image-pipeline';
import { predictOutcomes } from '../predict/predict-batch';
import { SessionPool } from '../predict/session-pool';
import { sumTimings } from '../predict/timings';
import type {
  AnyDetectionResult,
  ChainedObject,
  ChainResult,
  Detection,
  PredictResult,
  ResultByTask,
  RgbPixels,
  Task,
  TextResult,
} from '../results';
import { invalidArgument } from '../validate';
import { cropOf } from './crop-of';
import { type ChainDetectorTask, type ChainOptions, type ChainSettings, chainChecks } from './options';
import { type Part, runStage } from './second-stage';

/** What finds the objects: a model, or a function, such as one that calls `predictSlices` or a tracker. */
export type ChainDetector = Model<ChainDetectorTask> | ((image: RgbPixels) => Promise<AnyDetectionResult>);

/** While the second network reads the parts of an image, the first one finds objects in the next, and another is decoded. */
const imagesUnderWay = 3;

/** Two models one after the other, made by `chain`; used by `predict` and `predictStream` like a model. */
export class Chain<R extends PredictResult = PredictResult> extends ImagePipeline<ChainResult<R>> {
  readonly kind = 'chain';
  readonly imagesAtOnce = imagesUnderWay;

  /** @internal Use `chain`. */
  constructor(
    private readonly detector: ChainDetector,
    private readonly settings: ChainSettings,
  ) {
    super();
  }

  /** @internal Use `predict` or `predictStream`. */
  async read(image: ImageInput, { threshold, signal }: PipelineRun): Promise<PipelineReading<ChainResult<R>>> {
    const { then, crop, batchSize = 8, thenThreshold } = this.settings;
    const started = performance.now();
    const pixels = await decodeImage(image);
    const decodeMs = performance.now() - started;
    const found = await this.detect(pixels, threshold ?? this.settings.threshold, signal);
    const usual = then instanceof Model && then.kind === 'keypoints' ? 'person' : 'box';
    const crops = found.detections.map((object) => {
      return this.isPassedOn(object) ? cropOf(object, pixels, crop ?? usual) : undefined;
    });
    const parts = found.detections.flatMap((object, i): Part[] => {
      const part = crops[i];
      return part === undefined ? [] : [{ object, pixels: { ...cropPixels(pixels, part), channels: 3 } }];
    });
    const results = await runStage(then, parts, { threshold: thenThreshold, batchSize, signal });
    const detections = withResults(found.detections, crops, results, pixels);
    const timings = sumTimings([found.timings, ...results.map((one) => one.timings), { decodeMs }]);
    const size = { width: pixels.width, height: pixels.height };
    const base = { kind: 'chain', image: size, threshold: found.threshold, labels: found.labels, timings } as const;
    return {
      result: presentResult<ChainResult>({ ...base, detections }, {}) as PredictResult as ChainResult<R>,
      pixels,
    };
  }

  private async detect(
    pixels: RgbImage,
    threshold: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<AnyDetectionResult> {
    const image = { ...pixels, channels: 3 };
    if (!(this.detector instanceof Model)) {
      const found: unknown = await this.detector(image);
      if (Array.isArray((found as Partial<AnyDetectionResult> | undefined)?.detections))
        return found as AnyDetectionResult;
      throw invalidArgument('detector', 'function that gives a result with detections', found);
    }
    const sessions = SessionPool.open(this.detector.session, 1);
    const options = { threshold, raw: false, probabilities: false, batchSize: 1, signal };
    const [outcome] = await predictOutcomes(this.detector, sessions, [image], options);
    if (outcome?.kind !== 'result') throw outcome?.error;
    return outcome.result;
  }

  private isPassedOn({ classId, label }: Detection): boolean {
    const { classes } = this.settings;
    return classes === undefined || classes.includes(classId) || classes.includes(label);
  }
}

function withResults(
  objects: readonly Detection[],
  crops: readonly (Crop | undefined)[],
  results: readonly PredictResult[],
  image: RgbImage,
): ChainedObject[] {
  let next = 0;
  return objects.map((object, i) => {
    const crop = crops[i];
    if (crop === undefined) return object;
    const result = movedResult(results[next++] as PredictResult, crop, image);
    return { ...object, result: Object.isFrozen(result) ? result : presentResult(result, {}) };
  });
}

const detectorKinds: readonly Task[] = ['detection', 'instance-segmentation', 'rotated-detection'];

/**
 * Joins a detector with what looks at each of its objects: persons and their attributes or joints, plates and their text.
 * `predict` and `predictStream` take it like a model. The result has the detector's objects, each with a `result` of its own
 * in pixels of the whole image; `visualize` draws all in one picture, and its table has a row for each object. In a stream
 * both models work at the same time, on different images. The models stay yours to dispose.
 *
 * With a detector and a model of joints the numbers are those of PaddleDetection's `det_keypoint_unite_infer.py`.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION, MODEL_UNSUPPORTED if the first model finds no objects
 *
 * @example
 * import { chain, loadModel, predict, visualize } from 'paddlelab';
 * const detector = await loadModel('models/shapes_det_picodet', { task: 'detection' });
 * const shapes = await loadModel('models/shapes_cls_mbv3s', { task: 'classification' });
 * const both = chain(detector, { then: shapes, crop: { expand: 0.1 } });
 * const result = await predict(both, 'shapes.png');
 * for (const { label, result: own } of result.detections) console.log(label, own?.classes[0]?.label);
 * await visualize('shapes.png', result);
 */
export function chain<T extends Task>(detector: ChainDetector, options: ChainOptions<Model<T>>): Chain<ResultByTask[T]>;
export function chain<R extends PredictResult>(
  detector: ChainDetector,
  options: ChainOptions<ImagePipeline<R>>,
): Chain<R>;
export function chain(detector: ChainDetector, options: ChainOptions<TextReader>): Chain<TextResult>;
export function chain<R extends PredictResult>(
  detector: ChainDetector,
  options: ChainOptions<(part: RgbPixels, object: Detection) => Promise<R>>,
): Chain<R>;
export function chain(detector: ChainDetector, options: ChainOptions): Chain {
  if (!(detector instanceof Model) && typeof detector !== 'function') {
    throw invalidArgument('detector', 'model that finds objects, or function', detector);
  }
  if (detector instanceof Model && !detectorKinds.includes(detector.kind)) {
    throw new PaddleLabError(
      'MODEL_UNSUPPORTED',
      `Expected an object detector for a chain but received ${detector.kind}`,
    );
  }
  const settings = readOptions<ChainOptions>('chain', options, chainChecks);
  chainChecks.then('then', settings.then);
  return new Chain(detector, settings);
}
