import { type PageOptions, readPage } from '../ocr/read-page';
import { runsUnderWay } from '../predict/predict-stream';
import type { ImagePredictor } from './image-predictor';

/** Reads the text of each image; the two networks work on different images at once. */
export function textPredictor(options: PageOptions): ImagePredictor {
  return {
    size: 1,
    limit: runsUnderWay(1),
    predict: (files) =>
      Promise.all(
        files.map((file) =>
          readPage(file, options).then(
            ({ result, pixels }) => ({ kind: 'result' as const, result, pixels }),
            (error: unknown) => ({ kind: 'failed' as const, error }),
          ),
        ),
      ),
    close: async () => undefined,
  };
}
