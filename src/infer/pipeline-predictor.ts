import type { ImageInput } from '../image/image';
import type { ImagePipeline, PipelineRun } from '../predict/image-pipeline';
import type { ImagePredictor } from './image-predictor';

export interface PipelinePredictorOptions extends PipelineRun {
  /** Maximum number of images that are sent at once. */
  readonly parallel: number;
  /** Makes an image of a file, if it is not one itself, such as a page of a PDF file. */
  readonly open?: (file: string) => Promise<ImageInput>;
}

/** Predicts with a pipeline on servers. */
export function pipelinePredictor(
  pipeline: ImagePipeline,
  { parallel, threshold, signal, open = async (file) => file }: PipelinePredictorOptions,
): ImagePredictor {
  return {
    size: 1,
    limit: parallel,
    predict: (files) =>
      Promise.all(
        files.map((file) =>
          open(file)
            .then((image) => pipeline.read(image, { threshold, signal }))
            .then(
              ({ result, pixels }) => ({ kind: 'result' as const, result, pixels }),
              (error: unknown) => ({ kind: 'failed' as const, error }),
            ),
        ),
      ),
    close: async () => undefined,
  };
}
