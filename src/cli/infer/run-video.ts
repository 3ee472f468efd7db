import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { refuseReplacing } from '../../files/replacing';
import { sweepTemporaries } from '../../files/temporaries';
import { resolvePath } from '../../image/image';
import { FrameSpool } from '../../infer/frame-spool';
import { type DoneFrame, inferVideo } from '../../infer/infer-video';
import { checkSummaries, summariesOf, writeSummaries } from '../../infer/summaries/summaries';
import { summarized } from '../../infer/summaries/summarized';
import { type RecordedSource, recordedCamera, videoFile } from '../../infer/video-source';
import type { AnyModel } from '../../model/load-model';
import { resultAbove } from '../../tasks/tasks';
import { findFfmpeg } from '../../video/ffmpeg';
import { interruptible } from '../interruptible';
import { type VideoConsole, videoConsole } from './console/video-console';
import { concurrencyFor, defaultThreshold, loadFor, predictionThreshold, summaryTaskOf } from './load-for';
import { onKey } from './on-key';
import { refuse } from './refuse';
import { reportKept } from './report-kept';
import type { InferRequest, InferSource, OutputName } from './request';

type MovingSource = Exclude<InferSource, { readonly kind: 'images' }>;

const exitBroken = 3;
const choices = { existing: '--overwrite, or another --output-dir', own: 'another --output-dir' };

/** Predicts on a video or a camera; returns the exit code. `q` and Ctrl-C end it early with a playable video. */
export async function runVideo(request: InferRequest, from: MovingSource): Promise<number> {
  if (request.pipeline !== undefined) throw refuse('A pipeline takes images, not the frames of a video or a camera');
  const outputs = outputsOf(request);
  const file = outputs.includes('picture') ? videoName(request, from) : undefined;
  if (file !== undefined) {
    const sources = from.kind === 'video' ? [resolvePath(from.file)] : [];
    await refuseReplacing([file], sources, request.existing === 'overwrite', choices);
  }
  return interruptible(async (signal) => {
    await findFfmpeg('ffmpeg');
    const source = from.kind === 'camera' ? recordedCamera(from.id) : await videoFile(from.file);
    const { parallel, threads } = concurrencyFor(request, source.frameCount ?? Number.POSITIVE_INFINITY);
    const model = await loadFor(request, threads, signal);
    const stop = new AbortController();
    signal.addEventListener('abort', () => stop.abort());
    const release = onKey('q', () => stop.abort());
    const output = videoConsole(request.console, source);
    try {
      output.begin(model, parallel);
      return await inferAll({ model, source, request, outputs, file, parallel, output, stop: stop.signal });
    } finally {
      output.close();
      release();
      await model.dispose();
    }
  });
}

/** Everything needed for a run over a video. */
interface VideoJob {
  readonly model: AnyModel;
  readonly source: RecordedSource;
  readonly request: InferRequest;
  readonly outputs: readonly OutputName[];
  readonly file: string | undefined;
  readonly parallel: number;
  readonly output: VideoConsole;
  readonly stop: AbortSignal;
}

async function inferAll({ model, source, request, outputs, file, parallel, output, stop }: VideoJob): Promise<number> {
  const { outputDir: folder, existing, batchSize, style, cocoCategories } = request;
  const chosen = summariesOf(outputs);
  await checkSummaries(chosen, summaryTaskOf(model), folder, existing);
  reportKept(await sweepTemporaries([folder]));
  const threshold = request.threshold ?? defaultThreshold(model);
  const storeThreshold = predictionThreshold(model, outputs, threshold);
  const spool = chosen.length === 0 ? undefined : await FrameSpool.open(folder);
  const onFrame = async (frame: DoneFrame): Promise<void> => {
    output.frame({ ...frame, result: resultAbove(frame.result, threshold) });
    await spool?.add(recordOf(source, frame));
  };
  const infer = () =>
    inferVideo(model, source, { ...{ file, style, threshold, storeThreshold, parallel, batchSize, stop, onFrame } });
  const options = { folder, cocoCategories, threshold };
  const { run, written } =
    spool === undefined
      ? { run: await infer(), written: [] }
      : await summarized(spool, infer, () => writeSummaries(chosen, () => spool.records(), options));
  output.end(run, [...(file === undefined ? [] : [file]), ...written]);
  return run.sourceError === undefined ? 0 : exitBroken;
}

function recordOf({ name }: RecordedSource, { index, time, result }: DoneFrame) {
  return { file: name, name: path.basename(name), frame: index, time, result: { ...result }, written: [] };
}

function videoName({ outputDir }: InferRequest, from: MovingSource): string {
  return path.resolve(outputDir, `${from.kind === 'camera' ? 'output' : path.parse(from.file).name}.mp4`);
}

function outputsOf({ outputs = ['picture'], existing }: InferRequest): readonly OutputName[] {
  if (outputs.includes('palette')) {
    const text =
      '--save palette is not supported for a video, because it writes one file per image; use picture, coco, jsonl or csv';
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  }
  if (existing === 'resume') throw new PaddleLabError('INVALID_ARGUMENT', "A video can't be resumed; use --overwrite");
  return outputs;
}
