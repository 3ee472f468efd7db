import { currentCellSignal } from '../display/live-output';
import { Model } from '../model/model';
import { abortSignal, callback, fraction, integer, number, type OptionChecks, readOptions } from '../options';
import { predictOutcomes } from '../predict/predict-batch';
import { streamRuns } from '../predict/predict-stream';
import type { SessionPool } from '../predict/session-pool';
import type { AnyDetectionResult, ResultByTask } from '../results';
import { createTracker } from '../tracking/create-tracker';
import { trackedResult } from '../tracking/tracked-result';
import type { Tracker, TrackerName } from '../tracking/tracker';
import { checkOneOf, invalidArgument, throwIfAborted } from '../validate';
import type { VideoFrame } from './decode-frames';
import { type FrameImages, isFrameImages, numberedFrames } from './numbered-frames';
import { probeVideo } from './probe';
import { openVideo } from './sources/open-video';
import type { VideoInput } from './sources/video-input';

/** The tasks whose results can be tracked: those with `detections`. */
export type TrackableTask = AnyDetectionResult['kind'];

/** A frame with the objects that are tracked in it. */
export interface TrackedFrame<R extends AnyDetectionResult = AnyDetectionResult> extends VideoFrame {
  /** Only tracked objects, each with its `trackId`, best score first. Boxes and scores are the tracker's. */
  readonly result: R;
}

/** The progress of `track`. */
export interface TrackStep {
  /** Frames so far. */
  readonly done: number;
  /** Frames of the video; undefined if that is not known, as for a camera. */
  readonly frames: number | undefined;
}

/** Options of `track`. */
export interface TrackOptions {
  /** A name, for PaddleDetection's settings, or a tracker of `createTracker`, which goes on as it is; default `oc-sort`. */
  readonly tracker?: TrackerName | Tracker;
  /**
   * Objects with a score above this are given to the tracker, 0 to 1; default 0.1, which is the lowest score that a tracker
   * uses by default. PaddleDetection's script leaves out more: 0.5.
   */
  readonly threshold?: number;
  /** How many runs may happen side by side, as for `predictStream`; 1 by default. */
  readonly parallel?: number;
  /** How many frames go through the network at once; 1 by default. */
  readonly batchSize?: number;
  /** Frames per second, for the times of frames that do not come from a video; 0.1 to 240, default 10. */
  readonly fps?: number;
  /** Called with each frame, before it is yielded. */
  readonly onProgress?: (step: TrackStep) => void;
  /** Called with the reason when a stream is connected again. */
  readonly onReconnect?: (reason: string) => void;
  /** By default, an interrupt of the cell ends it. */
  readonly signal?: AbortSignal;
}

/** The lowest score that is given to a tracker: with its own settings, none uses lower ones. */
export const trackingThreshold = 0.1;

/** @internal */
export const trackableTasks: readonly TrackableTask[] = ['detection', 'rotated-detection', 'instance-segmentation'];

const checks = {
  tracker: trackerOf,
  threshold: fraction,
  parallel: integer(1),
  batchSize: integer(1),
  fps: number(0.1, 240),
  onProgress: callback,
  onReconnect: callback,
  signal: abortSignal,
} satisfies OptionChecks<TrackOptions>;

/**
 * Follows objects over the frames of a video: each frame's result has the tracked objects with their numbers. Frames are
 * predicted a few ahead of what is used of the results, so that memory stays bounded; of a camera and a live stream, frames
 * that come in meanwhile are dropped. Leaving the loop ends the source.
 *
 * @param source a video file, `{ camera: 0 }`, `{ url: 'rtsp://…' }`, `{ playlist: 'list.m3u8' }` (these need ffmpeg), or any
 *   iterable of images
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION, FILE_NOT_FOUND, TOOL_FAILED (no ffmpeg, or it can't read the
 *   source), ABORTED, PREDICTOR_RUN_FAILED
 *
 * @example
 * import { loadModel, track } from 'paddlelab';
 * const detector = await loadModel('models/shapes_det_picodet', { task: 'detection' });
 * for await (const { time, result } of track(detector, ['shapes.png', 'shapes.png'], { tracker: 'bytetrack' })) {
 *   for (const { trackId, label, box } of result.detections) console.log(time, trackId, label, box);
 * }
 */
export async function* track<T extends TrackableTask>(
  model: Model<T>,
  source: VideoInput | FrameImages,
  options: TrackOptions = {},
): AsyncGenerator<TrackedFrame<ResultByTask[T]>, void, undefined> {
  const given = readOptions<TrackOptions>('track', options, checks);
  checkTrackable(model);
  const { threshold = trackingThreshold, parallel = 1, batchSize = 1, signal = currentCellSignal() } = given;
  const { tracker = 'oc-sort', onProgress } = given;
  const follower = typeof tracker === 'string' ? trackerNamed(tracker) : tracker;
  // Leaving the loop does not end a camera that sends no frames; this does.
  const left = new AbortController();
  const stop = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const opened = isFrameImages(source) ? undefined : await openVideo(source);
  const frames = onProgress === undefined ? undefined : await totalFrames(source);
  const work = (sessions: SessionPool, batch: readonly VideoFrame[]) => detect(model, sessions, batch, threshold, stop);
  const events = { onDropped: () => {}, onReconnect: (reason: string) => given.onReconnect?.(reason) };
  const images = opened?.frames(stop, events) ?? numberedFrames(source as FrameImages, given.fps ?? 10);
  let done = 0;
  try {
    for await (const { frame, result } of streamRuns(model, images, { parallel, batchSize }, work)) {
      throwIfAborted(signal);
      const tracked = trackedResult(follower, result as AnyDetectionResult) as ResultByTask[T];
      onProgress?.({ done: ++done, frames });
      yield { ...frame, result: tracked };
    }
  } finally {
    left.abort();
  }
}

/** @internal A tracker with PaddleDetection's settings. */
export function trackerNamed(name: TrackerName): Tracker {
  return createTracker(name as 'oc-sort');
}

/** @internal @throws PaddleLabError INVALID_ARGUMENT if a model's results have no boxes that can be tracked */
export function checkTrackable(model: unknown): void {
  if (!(model instanceof Model)) throw invalidArgument('model', 'model from loadModel', model);
  if ((trackableTasks as readonly string[]).includes(model.kind)) return;
  throw invalidArgument('model', `model for tracking (${trackableTasks.join(', ')})`, model.kind);
}

/** @internal */
export function trackerOf(name: string, value: unknown): TrackerName | Tracker {
  if (typeof value === 'object' && value !== null && typeof (value as Partial<Tracker>).update === 'function') {
    return value as Tracker;
  }
  return checkOneOf(name, value as TrackerName, ['bytetrack', 'oc-sort', 'bot-sort']);
}

async function totalFrames(source: VideoInput | FrameImages): Promise<number | undefined> {
  if (Array.isArray(source)) return source.length;
  return typeof source === 'string' ? (await probeVideo(source)).frames : undefined;
}

async function detect<T extends TrackableTask>(
  model: Model<T>,
  sessions: SessionPool,
  batch: readonly VideoFrame[],
  threshold: number,
  signal: AbortSignal,
): Promise<{ frame: VideoFrame; result: ResultByTask[T] }[]> {
  const images = batch.map(({ image }) => ({ ...image, channels: 3 as const }));
  const settings = { threshold, raw: false, probabilities: false, batchSize: batch.length, signal };
  const outcomes = await predictOutcomes(model, sessions, images, settings);
  return outcomes.map((outcome, i) => {
    if (outcome.kind === 'failed') throw outcome.error;
    return { frame: batch[i] as VideoFrame, result: outcome.result };
  });
}
