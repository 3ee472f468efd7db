import { type PlannedImage, planImages } from '../../infer/plan';
import { refuseNested } from '../../infer/shards/check-neighbours';
import { checkSummaries } from '../../infer/summaries/summaries';
import { interruptible } from '../interruptible';
import { runQueued } from '../queue/run-queued';
import { sharedBar } from './console/shared-bar';
import { openModel } from './open-model';
import { openPipeline } from './open-pipeline';
import type { Opened } from './opened';
import { withShard } from './read-shard';
import type { InferRequest } from './request';
import { afterInterrupt, existingOf } from './resume';
import { runBenchmark } from './run-benchmark';
import { type ImageJob, newProgress, type Progress, runImages, withResumeCommand } from './run-images';
import { runVideo } from './run-video';
import { readStandardInput } from './standard-input';

/**
 * Runs a command line of `paddlelab infer`; returns the exit code.
 *
 * @param argv the command line, for messages on how to resume
 */
export async function runInfer(request: InferRequest, argv: readonly string[]): Promise<number> {
  const { source } = request;
  if (request.benchmark !== undefined) return runBenchmark(request);
  if (source.kind !== 'images') return runVideo(request, source, argv);
  const [only] = source.paths;
  if (source.paths.length === 1 && only === '-') {
    const { file, clear } = await readStandardInput();
    return runInfer({ ...request, source: { ...source, paths: [file] } }, argv).finally(clear);
  }
  const progress = newProgress();
  const line = withShard(argv, request.shard);
  const work = async (signal: AbortSignal): Promise<number> => {
    if ((request.shard ?? request.queue) !== undefined && source.recursive)
      await refuseNested(source.paths, request.outputDir);
    const images = await planImages(source.paths, source.recursive);
    const opened = await open(request, images.length, signal);
    try {
      return await inferAll(opened, images, request, signal, progress);
    } catch (error) {
      throw withResumeCommand(error, line, progress);
    } finally {
      await opened.dispose();
    }
  };
  return interruptible(work, () => afterInterrupt(line, progress.writesFiles, progress.reached()));
}

function open(request: InferRequest, images: number, signal: AbortSignal): Promise<Opened> {
  const { pipeline } = request;
  return pipeline === undefined ? openModel(request, images, signal) : openPipeline(request, pipeline, signal);
}

async function inferAll(
  opened: Opened,
  images: readonly PlannedImage[],
  request: InferRequest,
  signal: AbortSignal,
  progress: Progress,
): Promise<number> {
  const { outputDir, cocoCategories, shard, queue } = request;
  const { plan, size, specs, description, task } = opened;
  const existing = await existingOf(request.existing, outputDir, shard, queue);
  // Those of shards are written when the shards are merged.
  await checkSummaries(plan.summaries, task, outputDir, shard === undefined ? existing : 'overwrite');
  const bar = sharedBar();
  const job: ImageJob = {
    ...plan,
    images,
    open: () => opened.predictor(),
    ...{ description, cocoCategories, existing, signal },
    folder: outputDir,
    shard: shard && { shard, size, specs },
    output: opened.console(queue && bar),
  };
  if (queue === undefined) return runImages(job, progress);
  const queued = await opened.queued(queue.root);
  // The workers need the memory, if they are on this machine.
  await opened.dispose();
  return runQueued(job, { ...queue, task: queued, size, specs, bar }, signal, progress);
}
