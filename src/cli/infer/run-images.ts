import { PaddleLabError } from '../../errors';
import { isDiskFull } from '../../files/disk-full';
import type { ImagePredictor } from '../../infer/image-predictor';
import { type InferImagesOptions, inferImages } from '../../infer/infer-images';
import type { PlannedImage } from '../../infer/plan';
import { modelsDigest } from '../../infer/shards/models-digest';
import { type Shard, shardText } from '../../infer/shards/shard';
import { planShard, type ShardPlan } from '../../infer/shards/shard-plan';
import { writeSummaries } from '../../infer/summaries/summaries';
import type { Summary } from '../../infer/summaries/summary';
import type { ModelSpec } from '../../spec/spec';
import { tell } from '../print';
import type { RunConsole } from './console/console';
import { exitCodeOf, followEvents, reportRenamed } from './follow-events';
import { reportKept } from './report-kept';
import { progressText, type RunProgress, resumeCommand } from './resume';

/** A run over images with its files, and its output on the terminal. */
export interface ImageJob
  extends Pick<InferImagesOptions, 'folder' | 'writers' | 'threshold' | 'existing' | 'settings' | 'signal'> {
  readonly images: readonly PlannedImage[];
  readonly open: () => ImagePredictor;
  /** What predicts, in one line. */
  readonly description: string;
  readonly summaries: readonly Summary[];
  readonly cocoCategories: boolean;
  /** Undefined: all images. */
  readonly shard: JobShard | undefined;
  readonly output: RunConsole;
}

/** The part of the images that a job predicts on. */
export interface JobShard {
  readonly shard: Shard;
  /** Number of images that are predicted together. */
  readonly size: number;
  readonly specs: readonly ModelSpec[];
}

/** The progress of a run, for messages when it ends early. */
export interface Progress {
  writesFiles: boolean;
  reached: () => RunProgress | undefined;
}

export function newProgress(): Progress {
  return { writesFiles: true, reached: () => undefined };
}

/** When there is space on the disk again, the run can be resumed. */
export function withResumeCommand(error: unknown, argv: readonly string[], { reached }: Progress): unknown {
  const came = reached();
  if (!(error instanceof PaddleLabError) || !isDiskFull(error) || came === undefined || came.done === 0) return error;
  const text = `${error.message} (${progressText(came)} finished and kept): ${resumeCommand(argv)}`;
  return new PaddleLabError(error.code, text, { cause: error });
}

/** Predicts on the images and writes everything; returns the exit code. */
export async function runImages(job: ImageJob, progress: Progress): Promise<number> {
  const { folder, writers, summaries, threshold, existing, settings, signal, output } = job;
  const writesFiles = writers.length + summaries.length > 0;
  const shard = await shardOf(job);
  const images = shard?.images ?? job.images;
  const run = await inferImages(job.open, job.images, {
    ...{ folder, writers, threshold, existing, writesFiles, settings, shard, signal },
    taken: summaries.flatMap(({ files }) => files),
  });
  progress.writesFiles = writesFiles;
  progress.reached = () => ({ images: images.length, done: run.done() });
  reportRenamed(run.renamed);
  reportKept(run.kept);
  try {
    output.begin(describeJob(job, images.length), images.length);
    const totals = await followEvents(run.events, output, images.length, threshold);
    const { cocoCategories } = job;
    const written = shard === undefined ? summaries : [];
    const files = await writeSummaries(written, run.records, { folder, cocoCategories, threshold });
    output.end(totals, files);
    if (written.length < summaries.length) reportMerge(summaries, folder);
    return exitCodeOf(totals);
  } finally {
    output.close();
  }
}

async function shardOf({ shard: part, images, threshold, signal }: ImageJob): Promise<ShardPlan | undefined> {
  if (part === undefined) return undefined;
  const { shard, size, specs } = part;
  return planShard(shard, images, { size, threshold, models: await modelsDigest(specs, signal) });
}

function describeJob({ description, shard, images }: ImageJob, own: number): string {
  if (shard === undefined) return description;
  return `${description}; shard ${shardText(shard.shard)}: ${own} of ${images.length} images`;
}

function reportMerge(summaries: readonly Summary[], folder: string): void {
  const names = summaries.flatMap(({ files }) => files).join(', ');
  tell(`note: \`paddlelab merge\` writes ${names}, when all shards have ended; this one is in ${folder}`);
}
