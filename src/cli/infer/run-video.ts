import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { stat } from '../../files/fs';
import { refuseReplacing } from '../../files/replacing';
import { sweepTemporaries } from '../../files/temporaries';
import { resolvePath } from '../../image/image';
import { canResumeVideo, FrameJournal } from '../../infer/frame-journal';
import type { FrameRecords } from '../../infer/frame-records';
import { FrameSpool } from '../../infer/frame-spool';
import { type DoneFrame, type InferVideoOptions, inferVideo } from '../../infer/infer-video';
import { checkSummaries, summariesOf, writeSummaries } from '../../infer/summaries/summaries';
import { summarized } from '../../infer/summaries/summarized';
import { zoneSummary } from '../../infer/summaries/zones';
import { trackedRecords } from '../../infer/tracked-records';
import { type RecordedSource, recordedCamera, videoFile } from '../../infer/video-source';
import type { AnyModel } from '../../model/load-model';
import type { ImageRecord } from '../../predict/result-journal';
import type { PredictResult } from '../../results';
import { resultAbove } from '../../tasks/tasks';
import { findFfmpeg } from '../../video/ffmpeg';
import { checkTrackable, trackerNamed, trackingThreshold } from '../../video/track';
import { interruptible } from '../interruptible';
import { tell } from '../print';
import { type VideoConsole, videoConsole } from './console/video-console';
import { concurrencyFor, defaultThreshold, loadFor, predictionThreshold, summaryTaskOf } from './load-for';
import { onKey } from './on-key';
import { settingsOf } from './plan-infer';
import { refuse } from './refuse';
import { reportKept } from './report-kept';
import type { InferRequest, InferSource, OutputName } from './request';
import { type Existing, resumeCommand } from './resume';

type MovingSource = Exclude<InferSource, { readonly kind: 'images' }>;

const exitBroken = 3;
const choices = { existing: '--overwrite, or another --output-dir', own: 'another --output-dir' };

/** Predicts on a video or a camera; returns the exit code. `q` and Ctrl-C end it early with a playable video. */
export async function runVideo(given: InferRequest, from: MovingSource, argv: readonly string[]): Promise<number> {
  const request = { ...given, existing: await existingOf(given, from) };
  if (request.pipeline !== undefined) throw refuse('A pipeline takes images, not the frames of a video or a camera');
  const outputs = outputsOf(request);
  const file = outputs.includes('picture') ? videoName(request, from) : undefined;
  if (file !== undefined) {
    const sources = from.kind === 'video' ? [resolvePath(from.file)] : [];
    await refuseReplacing([file], sources, request.existing !== 'refuse', choices);
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
      return await inferAll({ model, source, request, outputs, file, parallel, output, argv, stop: stop.signal });
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
  /** The command line, for messages on how to resume. */
  readonly argv: readonly string[];
  readonly stop: AbortSignal;
}

async function inferAll(job: VideoJob): Promise<number> {
  const { model, source, request, outputs, file, parallel, output, stop } = job;
  const { outputDir: folder, existing, batchSize, style, cocoCategories, track, zones } = request;
  if (track !== undefined) checkTrackable(model);
  const chosen = [...summariesOf(outputs), ...(zones.length === 0 ? [] : [zoneSummary(zones)])];
  await checkSummaries(chosen, summaryTaskOf(model), folder, existing);
  reportKept(await sweepTemporaries([folder]));
  const { threshold, storeThreshold } = thresholdsOf(model, request, outputs);
  const journal = await openJournal(job);
  const spool = journal ?? (chosen.length === 0 ? undefined : await FrameSpool.open(folder));
  const tracker = track === undefined ? undefined : trackerNamed(track);
  const predicted = journal === undefined ? undefined : (frame: number) => journal.predicted(frame);
  const onFrame = async (frame: DoneFrame): Promise<void> => {
    output.frame({ ...frame, result: resultAbove(frame.result, threshold) });
    await spool?.add(recordOf(source, frame, journal === undefined ? frame.result : frame.prediction));
  };
  const options = { file, style, threshold, storeThreshold, parallel, batchSize, tracker, predicted, stop, onFrame };
  const infer = () => inferVideo(model, source, options);
  // The journal has what the model found.
  const records = (all: FrameRecords) =>
    journal === undefined || track === undefined ? all.records() : trackedRecords(all.records(), trackerNamed(track));
  const { run, written } =
    spool === undefined
      ? { run: await infer(), written: [] }
      : await summarized(spool, infer, () =>
          writeSummaries(chosen, () => records(spool), { folder, cocoCategories, threshold }),
        );
  output.end(run, [...(file === undefined ? [] : [file]), ...written]);
  if (journal !== undefined && stop.aborted) tell(`To go on with the frames after that:\n  ${resumeCommand(job.argv)}`);
  return run.sourceError === undefined ? 0 : exitBroken;
}

/** The least scores of drawn and listed objects, and of stored ones. What is tracked is drawn. */
function thresholdsOf(
  model: AnyModel,
  { track, threshold }: InferRequest,
  outputs: readonly OutputName[],
): Pick<InferVideoOptions, 'threshold' | 'storeThreshold'> {
  if (track !== undefined) return { threshold: undefined, storeThreshold: threshold ?? trackingThreshold };
  const shown = threshold ?? defaultThreshold(model);
  return { threshold: shown, storeThreshold: predictionThreshold(model, outputs, shown) };
}

/** Of tracked objects in a file: the numbers after a resumed run are those of a run that was not interrupted. */
async function openJournal({ model, source, request, outputs }: VideoJob): Promise<FrameJournal | undefined> {
  const { track, zones, outputDir, existing } = request;
  if (track === undefined || source.kind !== 'file' || outputs.length + zones.length === 0) return undefined;
  const { size, mtimeMs } = await stat(source.name);
  const settings = {
    ...settingsOf(model, request, outputs),
    track,
    zones,
    video: { file: source.name, size, mtimeMs },
  };
  return FrameJournal.open(outputDir, source.name, settings, existing);
}

function recordOf({ name }: RecordedSource, { index, time }: DoneFrame, result: PredictResult): ImageRecord {
  return { file: name, name: path.basename(name), frame: index, time, result: { ...result }, written: [] };
}

function videoName({ outputDir }: InferRequest, from: MovingSource): string {
  return path.resolve(outputDir, `${from.kind === 'camera' ? 'output' : path.parse(from.file).name}.mp4`);
}

/** Without a run to resume, existing files may not be replaced. */
async function existingOf({ existing, outputDir, track }: InferRequest, from: MovingSource): Promise<Existing> {
  if (existing !== 'resume') return existing;
  if (track !== undefined && from.kind === 'video') {
    return (await canResumeVideo(outputDir, from.file)) ? existing : 'refuse';
  }
  const text = 'Only a run over a video file with --track can be resumed; use --overwrite';
  throw new PaddleLabError('INVALID_ARGUMENT', text);
}

function outputsOf({ track, ...request }: InferRequest): readonly OutputName[] {
  const { outputs = track === undefined ? ['picture'] : ['picture', 'mot'] } = request;
  if (outputs.includes('palette')) {
    const text =
      '--save palette is not supported for a video, because it writes one file per image; use picture, coco, jsonl or csv';
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  }
  return outputs;
}
