import type { ImageInput } from '../image/image';
import type { PredictResult } from '../results';

/** Options of `predict` for what makes results by itself. */
export interface PipelineRunOptions {
  readonly threshold: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What makes results of images by itself, such as a pipeline on a server: `predict` takes it in place of a model. */
export abstract class ImagePipeline<R extends PredictResult = PredictResult> {
  /** The kind of its results. */
  abstract readonly kind: R['kind'];

  /** @internal Use `predict`. */
  abstract read(image: ImageInput, options: PipelineRunOptions): Promise<R>;
}
