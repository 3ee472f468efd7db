import { messageOf } from '../errors';
import { writeAtomically } from '../files/atomic-file';
import { rm } from '../files/fs';
import { temporaryBeside } from '../files/temporaries';
import type { RgbImage } from '../image/image';
import type { AnyModel } from '../model/load-model';
import { mapOrdered } from '../predict/map-ordered';
import { type Outcome, predictOutcomes } from '../predict/predict-batch';
import { runsUnderWay, streamRuns } from '../predict/predict-stream';
import type { SessionPool } from '../predict/session-pool';
import type { AnyDetectionResult, PredictResult } from '../results';
import { trackedResult } from '../tracking/tracked-result';
import type { Tracker } from '../tracking/tracker';
import type { VideoFrame } from '../video/decode-frames';
import { addSound } from '../video/ffmpeg';
import { openVideoWriter, type VideoWriter } from '../video/write-video';
import type { InferStyle } from './outputs/image-writers';
import { drawResult } from './outputs/picture';
import type { RecordedSource } from './video-source';

export interface InferVideoOptions {
  /** The video to write; undefined if only results are wanted. */
  readonly file: string | undefined;
  readonly style: InferStyle;
  /** Minimum score of drawn objects; undefined if nothing is filtered by score. */
  readonly threshold: number | undefined;
  /** Minimum score of stored objects, lower if a file needs all of them; undefined: the task's default. */
  readonly storeThreshold: number | undefined;
  readonly parallel: number;
  readonly batchSize: number;
  /** Follows the objects over the frames; undefined: they are not tracked. */
  readonly tracker: Tracker | undefined;
  /** The prediction of an earlier run on a frame, which is not repeated. */
  readonly predicted: ((frame: number) => Promise<PredictResult | undefined>) | undefined;
  /** Ends the video early, with the frames so far. */
  readonly stop: AbortSignal;
  /** Awaited before the next call. */
  onFrame(frame: DoneFrame): Promise<void>;
}

/** A frame with its result, drawn and written if requested. */
export interface DoneFrame {
  /** From 0. */
  readonly index: number;
  /** Seconds since the start. */
  readonly time: number;
  /** With the tracked objects only, if they are tracked. */
  readonly result: PredictResult;
  /** What the model found in the frame. */
  readonly prediction: PredictResult;
}

/** The outcome of a run over a video. */
export interface VideoRun {
  readonly frames: number;
  readonly seconds: number;
  /** Frames of a camera that were skipped because earlier ones were still being processed. */
  readonly dropped: number;
  /** The reason why it ended early; undefined if it did not. */
  readonly sourceError: string | undefined;
}

interface DrawnFrame extends DoneFrame {
  readonly picture: RgbImage | undefined;
}

/**
 * Predicts on every frame of a video, several frames at a time, and writes it with its results drawn; the sound is
 * kept. A damaged file is processed up to the damage. The video file is only created when complete; if no video is
 * wanted nothing is drawn, and the frames are only passed to `onFrame`, also those before a failure.
 *
 * @throws PaddleLabError TOOL_FAILED (no ffmpeg, nothing to read), FILE_UNWRITABLE, PREDICTOR_RUN_FAILED
 */
export async function inferVideo(
  model: AnyModel,
  source: RecordedSource,
  options: InferVideoOptions,
): Promise<VideoRun> {
  const { file } = options;
  if (file === undefined) return writeFrames(model, source, undefined, options);
  let run: VideoRun = { frames: 0, seconds: 0, dropped: 0, sourceError: undefined };
  await writeAtomically(file, async (temporary) => {
    const silent = temporaryBeside(file);
    const target = source.sound === undefined ? temporary : silent;
    try {
      run = await writeFrames(model, source, target, options);
      if (source.sound !== undefined) await addSound(silent, run.seconds, source.sound, temporary);
    } finally {
      await rm(silent, { force: true });
    }
  });
  return run;
}

async function writeFrames(
  model: AnyModel,
  source: RecordedSource,
  target: string | undefined,
  options: InferVideoOptions,
): Promise<VideoRun> {
  const { parallel, batchSize } = options;
  const ending: Ending = { dropped: 0, sourceError: undefined };
  // Leaving the loop does not end a camera that sends no frames; this does.
  const left = new AbortController();
  const frames = untilStopped(source, AbortSignal.any([options.stop, left.signal]), ending);
  const predict = (sessions: SessionPool, batch: readonly VideoFrame[]) =>
    predictFrames(model, sessions, batch, options);
  const predicted = streamRuns(model, frames, { parallel, batchSize }, predict);
  const drawn = mapOrdered(tracked(predicted, options.tracker), runsUnderWay(parallel), (frame) =>
    drawFrame(frame, options),
  );
  let writer: VideoWriter | undefined;
  let count = 0;
  let seconds = 0;
  try {
    for await (const { picture, ...done } of drawn) {
      if (target !== undefined && picture !== undefined) {
        writer ??= await openVideoWriter(target, picture, source.fps);
        await writer.write(picture, done.time);
      }
      count++;
      seconds = Math.max(count / source.fps, done.time + 1 / source.fps);
      await options.onFrame(done);
    }
    await writer?.finish();
  } catch (error) {
    writer?.abort();
    throw error;
  } finally {
    left.abort();
  }
  return { frames: count, seconds, ...ending };
}

interface Ending {
  dropped: number;
  sourceError: string | undefined;
}

/** The frames until the source fails or the user stops it; a source without any frame is an error. */
async function* untilStopped(
  source: RecordedSource,
  stop: AbortSignal,
  ending: Ending,
): AsyncGenerator<VideoFrame, void, undefined> {
  let any = false;
  try {
    for await (const frame of source.frames(stop, { onDropped: () => ending.dropped++, onReconnect: () => {} })) {
      any = true;
      yield frame;
    }
  } catch (error) {
    if (!any) throw error;
    if (!stop.aborted) ending.sourceError = messageOf(error);
  }
}

interface PredictedFrame extends VideoFrame {
  readonly prediction: PredictResult;
}

/** Frames that an earlier run has predicted on are taken from there. */
async function predictFrames(
  model: AnyModel,
  sessions: SessionPool,
  batch: readonly VideoFrame[],
  { storeThreshold, predicted }: InferVideoOptions,
): Promise<PredictedFrame[]> {
  const known = await Promise.all(batch.map(({ index }) => predicted?.(index)));
  const open = batch.filter((_, i) => known[i] === undefined);
  const images = open.map(({ image }) => ({ ...image, channels: 3 as const }));
  const settings = {
    threshold: storeThreshold,
    raw: false,
    probabilities: false,
    batchSize: Math.max(1, images.length),
    signal: undefined,
  };
  const outcomes = images.length === 0 ? [] : await predictOutcomes(model, sessions, images, settings);
  return batch.map((frame, i) => {
    const before = known[i];
    if (before !== undefined) return { ...frame, prediction: before };
    const outcome = outcomes[open.indexOf(frame)] as Outcome<PredictResult>;
    if (outcome.kind === 'failed') throw outcome.error;
    return { ...frame, prediction: outcome.result };
  });
}

/** A tracker needs the frames one after the other. */
async function* tracked(
  frames: AsyncIterable<PredictedFrame>,
  tracker: Tracker | undefined,
): AsyncGenerator<PredictedFrame & DoneFrame, void, undefined> {
  for await (const frame of frames) {
    const { prediction } = frame;
    const result = tracker === undefined ? prediction : trackedResult(tracker, prediction as AnyDetectionResult);
    yield { ...frame, result };
  }
}

async function drawFrame(
  { index, time, image, result, prediction }: PredictedFrame & DoneFrame,
  { file, threshold, style }: InferVideoOptions,
): Promise<DrawnFrame> {
  const picture = file === undefined ? undefined : await drawResult(image, result, threshold, style);
  return { index, time, result, prediction, picture };
}
