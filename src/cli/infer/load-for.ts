import os from 'node:os';
import { type AnyModel, loadModel } from '../../model/load-model';
import { saysNothing, tutorialConfig } from './bare-classifier';
import type { InferRequest } from './request';

/** Loads the model of a command line. */
export async function loadFor(request: InferRequest, threads: number, signal: AbortSignal): Promise<AnyModel> {
  const options = { ...request.load, threads, signal };
  if (!(await saysNothing(request.model))) return loadModel(request.model, options);
  const { resizeSize, cropSize } = request.bareClassifier;
  process.stderr.write(
    `note: ${request.model} has no configuration and is taken for a classifier: shorter side to ${resizeSize}, ` +
      `middle ${cropSize}×${cropSize} (--resize-size, --crop-size)\n`,
  );
  return loadModel(request.model, { ...options, config: tutorialConfig(request.bareClassifier) });
}

/** Runs of one thread each make the most of the cores, where there are as many images. */
export function widthFor({ parallel, load, batchSize }: InferRequest, images: number): number {
  const runs = Math.ceil(images / batchSize);
  if (parallel !== undefined) return Math.max(1, Math.min(parallel, runs));
  if (load.device !== undefined && load.device !== 'cpu') return 1;
  const cores = Math.floor(os.availableParallelism() / (load.threads ?? 1));
  return Math.max(1, Math.min(cores, runs));
}

/** 0.5 for objects, as in Paddle's scripts. */
export function defaultThreshold({ spec, kind }: AnyModel): number | undefined {
  return kind.includes('detection') || kind === 'instance-segmentation' ? (spec.outputs.threshold ?? 0.5) : undefined;
}
