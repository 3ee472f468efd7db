import { defaultOutputs, type ImageOutput, writersFor } from '../../infer/outputs/image-writers';
import { summaries, summariesOf } from '../../infer/summaries/summaries';
import type { Pipeline } from '../../pipelines/pipeline';
import { taskOfKind } from '../../tasks/tasks';
import type { InferPlan, InferTask } from './plan-infer';
import { refuse } from './refuse';
import type { OutputName } from './request';

/** What is done with each image that a pipeline reads, wherever that happens. */
export type PipelineInfer = Pick<InferTask, 'threshold' | 'outputs' | 'cocoCategories' | 'style'>;

/** `PaddleX's object-detection (detection) on http://host:8080, 4 images at once`. */
export function describePipeline({ task, kind, urls }: Pipeline, parallel: number): string {
  return `PaddleX's ${task} (${kind}) on ${urls.join(', ')}, ${parallel} image${parallel === 1 ? '' : 's'} at once`;
}

/** @throws PaddleLabError INVALID_ARGUMENT if an output needs more than the server answers */
export function planPipeline(pipeline: Pipeline, task: PipelineInfer): Omit<InferPlan, 'predicting'> {
  const { threshold, style, cocoCategories } = task;
  const chosen: readonly OutputName[] =
    task.outputs ?? defaultOutputs(taskOfKind(pipeline.kind).finds, style).filter((name) => name !== 'palette');
  const perImage = chosen.filter((name): name is ImageOutput => !(name in summaries));
  const writers = writersFor(perImage, style);
  const needy = writers.find(({ needsTensors }) => needsTensors);
  if (needy !== undefined) {
    throw refuse(`--save ${needy.name} needs the outputs of the network, which a pipeline does not answer`);
  }
  const { labels, parameters } = pipeline.settings;
  return {
    writers,
    summaries: summariesOf(chosen),
    threshold,
    settings: {
      ...{ pipeline: pipeline.task, urls: pipeline.urls, task: pipeline.kind, labels, parameters },
      ...{ threshold, style, cocoCategories, outputs: chosen },
    },
  };
}
