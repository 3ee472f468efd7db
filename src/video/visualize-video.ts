import path from 'node:path';
import { currentCellSignal, currentDisplay, type LiveOutput } from '../display/live-output';
import { Picture } from '../drawing/picture';
import { writeAtomically } from '../files/atomic-file';
import { readFile, writeFile } from '../files/fs';
import { refuseReplacing } from '../files/replacing';
import { type ImageInput, type RgbImage, resolvePath } from '../image/image';
import type { Model } from '../model/model';
import { abortSignal, checkedLater, fraction, number, type OptionChecks, oneOf, readOptions, text } from '../options';
import { predict } from '../predict/predict';
import type { AnyDetectionResult, PredictResult } from '../results';
import { TemporaryFolder } from '../temporary-folder';
import { trackedResult } from '../tracking/tracked-result';
import type { Tracker, TrackerName } from '../tracking/tracker';
import { checkOneOf, invalidArgument, throwIfAborted } from '../validate';
import { type VisualizeOptions, visualizeChecks } from '../visualize/options';
import { resizeTo } from '../visualize/views/mosaic';
import { visualize } from '../visualize/visualize';
import { makeAnimation } from './animation';
import type { VideoFrame } from './decode-frames';
import { numberedFrames } from './numbered-frames';
import { probeVideo } from './probe';
import { readFrames } from './read-frames';
import { checkTrackable, trackerNamed, trackerOf, trackingThreshold } from './track';
import { Video, type VideoFormat, videoFormats } from './video';
import { openVideoWriter, type VideoWriter } from './write-video';

/** Options of `visualizeVideo`. */
export interface VisualizeVideoOptions {
  /** Objects with a score above this are kept, 0 to 1; default as for `predict`, and with a `tracker` as for `track`. */
  readonly threshold?: number;
  /** Follows the objects over the frames, as `track`, and draws them with their numbers; default: none. */
  readonly tracker?: TrackerName | Tracker;
  /** Drawing options of the frames. */
  readonly visualize?: VisualizeOptions;
  /** The output file; its extension sets the format. By default the video is only shown. */
  readonly file?: string;
  /**
   * Default: the extension of `file`, else `mp4` for a video and `webp` for other frames. `gif` and `webp` need no
   * ffmpeg.
   */
  readonly format?: VideoFormat;
  /** Frames per second, for frames that do not come from a video file; 0.1 to 240, default 10. */
  readonly fps?: number;
  /** Maximum size of the video embedded in the notebook, in bytes; default 8 MB. A larger video is only described. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

const checks = {
  threshold: fraction,
  tracker: trackerOf,
  visualize: checkedLater,
  file: text,
  format: oneOf(videoFormats),
  fps: number(0.1, 240),
  maxBytes: number(1000, 1e9),
  signal: abortSignal,
} satisfies OptionChecks<VisualizeVideoOptions>;

/** Animations keep every picture in memory; they are meant for display next to text. */
const animationWidth = 480;
const anotherName = { existing: 'another name', own: 'another name' };
/** Minimum time between updates of the picture in the notebook. */
const previewMs = 250;
const previewWidth = 640;

/**
 * Predicts on every frame of a video and draws the results; the notebook shows the frames as they are finished, then
 * the video. Interrupting the cell stops it.
 *
 * @param source a video file (needs ffmpeg), or any iterable of images of one size
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION, FILE_NOT_FOUND, FILE_UNWRITABLE (the disk is full, or `file` is
 * the source), TOOL_FAILED (no ffmpeg), ABORTED
 *
 * @example
 * import { visualizeVideo } from 'paddlelab';
 * await visualizeVideo(model, ['shapes.png', 'photo.jpg'], { format: 'gif', fps: 2 });
 */
export async function visualizeVideo(
  model: Model,
  source: string | Iterable<ImageInput> | AsyncIterable<ImageInput>,
  options: VisualizeVideoOptions = {},
): Promise<Video> {
  const given = readOptions('visualizeVideo', options, checks);
  readOptions('visualize', given.visualize ?? {}, visualizeChecks);
  const isFile = typeof source === 'string';
  const file = given.file === undefined ? undefined : resolvePath(given.file);
  const ending = file === undefined ? undefined : path.extname(file).slice(1).toLowerCase();
  const format = checkOneOf('format', given.format ?? ending ?? (isFile ? 'mp4' : 'webp'), videoFormats);
  if (ending !== undefined && ending !== format)
    throw invalidArgument('file', `file name ending in .${format}`, options.file);
  // ffmpeg would overwrite its own input.
  if (isFile && file !== undefined) await refuseReplacing([file], [resolvePath(source)], true, anotherName);
  const { maxBytes = 8e6, signal = currentCellSignal() } = given;
  const fps = isFile ? (await probeVideo(source)).fps : (given.fps ?? 10);
  const frames = isFile ? readFrames(source, signal === undefined ? {} : { signal }) : numberedFrames(source, fps);
  const drawn = drawFrames(model, frames, options, signal);
  const folder = TemporaryFolder.create('video');
  try {
    const target = file ?? path.join(folder.path, `video.${format}`);
    let made: Made = { width: 0, height: 0, frames: 0 };
    await writeAtomically(target, async (temporary) => {
      made =
        format === 'mp4' || format === 'webm'
          ? await encodeVideo(drawn, temporary, fps)
          : await encodeAnimation(drawn, temporary, format, fps, maxBytes);
    });
    return new Video({ ...made, format, file, bytes: await readFile(target), maxBytes });
  } finally {
    await folder.release();
  }
}

interface Made {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

/** The drawn frames, which are also shown in the notebook. */
async function* drawFrames(
  model: Model,
  frames: AsyncIterable<VideoFrame>,
  options: VisualizeVideoOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ picture: Picture; time: number }, void, undefined> {
  let output: LiveOutput | undefined;
  let shown = Number.NEGATIVE_INFINITY;
  let count = 0;
  for await (const { frame, result } of predicted(model, frames, options)) {
    throwIfAborted(signal);
    const { image, time } = frame;
    const picture = await visualize(image, result, options.visualize);
    yield { picture, time };
    count++;
    if (performance.now() - shown < previewMs) continue;
    shown = performance.now();
    const bundle = await previewBundle(picture, count);
    if (output === undefined) output = currentDisplay()?.create(bundle);
    else output.update(bundle);
  }
  output?.update({ 'text/plain': `${count} frames` });
}

async function previewBundle(picture: Picture, count: number): Promise<Record<string, string | Uint8Array>> {
  const width = Math.min(previewWidth, picture.width);
  const small = await resizeTo(picture, width, Math.max(1, Math.round((picture.height * width) / picture.width)));
  return { 'image/jpeg': await new Picture(small, '').toBuffer('jpeg'), 'text/plain': `frame ${count}` };
}

/** The results of the frames, of tracked objects if a tracker is wanted. */
async function* predicted(
  model: Model,
  frames: AsyncIterable<VideoFrame>,
  { threshold, tracker }: VisualizeVideoOptions,
): AsyncGenerator<{ frame: VideoFrame; result: PredictResult }, void, undefined> {
  const settings = threshold === undefined ? {} : { threshold };
  if (tracker === undefined) {
    for await (const frame of frames) {
      yield { frame, result: await predict(model, { ...frame.image, channels: 3 }, settings) };
    }
    return;
  }
  checkTrackable(model);
  const follower = typeof tracker === 'string' ? trackerNamed(tracker) : tracker;
  const lowered = { threshold: threshold ?? trackingThreshold };
  for await (const frame of frames) {
    const result = await predict(model, { ...frame.image, channels: 3 }, lowered);
    yield { frame, result: trackedResult(follower, result as AnyDetectionResult) };
  }
}

async function encodeVideo(
  drawn: AsyncIterable<{ picture: Picture; time: number }>,
  target: string,
  fps: number,
): Promise<Made> {
  let writer: VideoWriter | undefined;
  let made: Made | undefined;
  try {
    for await (const { picture, time } of drawn) {
      writer ??= await openVideoWriter(target, picture, fps);
      await writer.write(picture, time);
      made = { width: picture.width, height: picture.height, frames: (made?.frames ?? 0) + 1 };
    }
  } catch (error) {
    writer?.abort();
    throw error;
  }
  if (writer === undefined || made === undefined) throw invalidArgument('source', 'at least one frame', []);
  await writer.finish();
  return made;
}

async function encodeAnimation(
  drawn: AsyncIterable<{ picture: Picture }>,
  target: string,
  format: 'gif' | 'webp',
  fps: number,
  maxBytes: number,
): Promise<Made> {
  const frames: RgbImage[] = [];
  for await (const { picture } of drawn) {
    const width = Math.min(animationWidth, picture.width);
    frames.push(await resizeTo(picture, width, Math.max(1, Math.round((picture.height * width) / picture.width))));
  }
  const [first] = frames;
  if (first === undefined) throw invalidArgument('source', 'at least one frame', []);
  const animation = await makeAnimation(frames, format, fps, maxBytes);
  await writeFile(target, animation);
  return { width: first.width, height: first.height, frames: frames.length };
}
