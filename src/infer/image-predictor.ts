import type { AnyModel } from '../model/load-model';
import { type Outcome, predictOutcomes, runSize } from '../predict/predict-batch';
import { runsUnderWay } from '../predict/predict-stream';
import { SessionPool } from '../predict/session-pool';
import type { SliceSettings } from '../predict/slice-settings';
import { predictWindows } from '../predict/slices';
import type { PredictResult } from '../results';

/** Predicts on the images of a run. */
export interface ImagePredictor {
  /** Number of images that are predicted together. */
  readonly size: number;
  /** Maximum number of such groups under way. */
  readonly limit: number;
  /** What is wrong with an image is its own outcome; outcomes are in the images' order. */
  predict(files: readonly string[]): Promise<readonly Outcome<PredictResult>[]>;
  close(): Promise<void>;
}

export interface ModelPredictorOptions {
  readonly parallel: number;
  readonly batchSize: number;
  /** Minimum score of stored objects, lower if a file needs all of them; undefined: the task's default. */
  readonly threshold: number | undefined;
  /** Whether results have the network's tensors. */
  readonly raw: boolean;
  /** Settings for predicting on windows of the images. */
  readonly slices: SliceSettings | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Predicts with one model, on clones if several runs may happen at once. */
export function modelPredictor(model: AnyModel, options: ModelPredictorOptions): ImagePredictor {
  const { parallel, batchSize, threshold, raw, slices, signal } = options;
  const sessions = SessionPool.open(model.session, parallel);
  return {
    size: runSize(model, batchSize),
    limit: runsUnderWay(parallel),
    predict: (files) => {
      const checked = { threshold, raw, probabilities: false, batchSize: files.length, signal };
      if (slices === undefined) return predictOutcomes<typeof model.kind>(model, sessions, files, checked);
      return Promise.all(files.map((file) => predictWindows(model, sessions, file, slices, checked)));
    },
    close: () => sessions.close(),
  };
}
