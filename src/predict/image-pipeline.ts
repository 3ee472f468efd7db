import type { ImageInput, RgbImage } from '../image/image';
import type { PredictResult } from '../results';

/** How an image is read: the checked options of `predict`. */
export interface PipelineRun {
  readonly threshold: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** An image that was read. */
export interface PipelineReading<R extends PredictResult = PredictResult> {
  readonly result: R;
  readonly pixels: RgbImage;
}

/** What makes results of images by itself, such as a pipeline on a server: `predict` takes it in place of a model. */
export abstract class ImagePipeline<R extends PredictResult = PredictResult> {
  /** The kind of its results. */
  abstract readonly kind: R['kind'];

  /** How many images it is given at once. */
  abstract readonly imagesAtOnce: number;

  /** @internal Use `predict` or `predictStream`. */
  abstract read(image: ImageInput, options: PipelineRun): Promise<PipelineReading<R>>;
}
