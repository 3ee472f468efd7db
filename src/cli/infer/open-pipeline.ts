import { pipelinePredictor } from '../../infer/pipeline-predictor';
import { loadPipeline } from '../../pipelines/load-pipeline';
import { taskOfKind } from '../../tasks/tasks';
import { queuedPipeline } from '../queue/pipeline-task';
import { jsonConsole } from './console/json-console';
import { summaryConsole } from './console/summary-console';
import type { Opened } from './opened';
import { describePipeline, planPipeline } from './plan-pipeline';
import type { PipelineRequest } from './read-pipeline';
import type { InferRequest } from './request';

/** Connects to the pipeline of a command line. */
export async function openPipeline(
  request: InferRequest,
  { url, options }: PipelineRequest,
  signal: AbortSignal,
): Promise<Opened> {
  const pipeline = await loadPipeline(url, { ...options, signal });
  try {
    const { threshold, outputDir, console } = request;
    const parallel = request.parallel ?? pipeline.imagesAtOnce;
    return {
      plan: planPipeline(pipeline, request),
      task: { name: pipeline.kind, definition: taskOfKind(pipeline.kind) },
      size: 1,
      specs: [],
      description: describePipeline(pipeline, parallel),
      predictor: () => pipelinePredictor(pipeline, { parallel, threshold, signal }),
      console: (bar) => (console === 'json' ? jsonConsole() : summaryConsole(outputDir, bar && (() => bar.open()))),
      queued: async () => queuedPipeline({ url, options }, request),
      dispose: () => pipeline.dispose(),
    };
  } catch (error) {
    await pipeline.dispose();
    throw error;
  }
}
