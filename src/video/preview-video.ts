import { setTimeout as wait } from 'node:timers/promises';
import { currentCellSignal } from '../display/live-output';
import type { Model } from '../model/model';
import { display } from '../notebook/show';
import { player as makePlayer, type Player } from '../notebook/widgets';
import { abortSignal, checkedLater, fraction, integer, number, type OptionChecks, readOptions } from '../options';
import { predict } from '../predict/predict';
import { throwIfAborted } from '../validate';
import { type VisualizeOptions, visualizeChecks } from '../visualize/options';
import { visualize } from '../visualize/visualize';
import { type FrameImages, isFrameImages, numberedFrames } from './numbered-frames';
import { openVideo } from './sources/open-video';
import type { VideoInput } from './sources/video-input';
import type { VideoSource } from './sources/video-source';

/** Options of `previewVideo`. */
export interface PreviewVideoOptions {
  /** Objects with a score above this are kept, 0 to 1; default as for `predict`. */
  readonly threshold?: number;
  /** Drawing options of the frames. */
  readonly visualize?: VisualizeOptions;
  /** How many times as fast as the video it is shown at most, 0.1 to 1000; default 1. Of no effect on live sources. */
  readonly speed?: number;
  /** Wider frames are shown smaller, in pixels; default 640. */
  readonly width?: number;
  /** Most frames per second that are sent to the page, 0.1 to 60; default 10. */
  readonly maxFps?: number;
  /** How many of the last frames the slider reaches; default 500, and not more than take 64 MiB. */
  readonly keep?: number;
  readonly signal?: AbortSignal;
}

const checks = {
  threshold: fraction,
  visualize: checkedLater,
  speed: number(0.1, 1000),
  width: integer(16),
  maxFps: number(0.1, 60),
  keep: integer(1),
  signal: abortSignal,
} satisfies OptionChecks<PreviewVideoOptions>;

/**
 * Predicts on the frames of a video, camera or stream, or on images of any iterable, as they come, and shows them in the
 * cell, with a pause, a stop, and a slider over the frames that came. Settles with the player when the video ends or is
 * stopped; an interrupt of the cell ends it, too. Frames of a camera or a live stream that come in meanwhile are dropped.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION, FILE_NOT_FOUND, TOOL_FAILED (no ffmpeg, or it can't read the
 *   source), ABORTED; NOTEBOOK_NEEDED outside of a notebook
 *
 * @example
 * import { loadModel, previewVideo } from 'paddlelab';
 * const detector = await loadModel('models/shapes_det_picodet', { task: 'detection' });
 * await previewVideo(detector, ['shapes.png', 'photo.jpg'], { threshold: 0.6 });
 */
export async function previewVideo(
  model: Model,
  source: VideoInput | FrameImages,
  options: PreviewVideoOptions = {},
): Promise<Player> {
  const given = readOptions('previewVideo', options, checks);
  readOptions('visualize', given.visualize ?? {}, visualizeChecks);
  const { threshold, speed = 1, width = 640, maxFps = 10, keep = 500, signal = currentCellSignal() } = given;
  const opened = await openSource(source);
  const player = makePlayer({ width, maxFps, keep });
  const shown = await display(player);
  const left = new AbortController();
  const stop = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const clock = opened.kind === 'file' ? new PlaybackClock(speed) : undefined;
  const onReconnect = (reason: string): void => player.note(`connecting again: ${reason}`);
  try {
    for await (const { image, time } of opened.frames(stop, { onDropped: () => {}, onReconnect })) {
      throwIfAborted(signal);
      const result = await predict(model, { ...image, channels: 3 }, threshold === undefined ? {} : { threshold });
      const picture = await visualize(image, result, given.visualize);
      await clock?.until(time, stop);
      if (!(await player.show(picture, `${time.toFixed(1)} s`))) break;
    }
    throwIfAborted(signal);
  } finally {
    left.abort();
    player.stop();
    // What is saved with the notebook shows the last frame.
    await shown.update(player);
  }
  return player;
}

/** Images have no times of their own. */
const imagesPerSecond = 10;

async function openSource(source: VideoInput | FrameImages): Promise<Pick<VideoSource, 'kind' | 'frames'>> {
  if (!isFrameImages(source)) return openVideo(source);
  return { kind: 'file', frames: () => numberedFrames(source, imagesPerSecond) };
}

/** Lets frames pass no earlier than the video would show them; a delay, such as a pause, shifts all later ones. */
class PlaybackClock {
  #shownAt = Number.NEGATIVE_INFINITY;
  #time = 0;

  constructor(private readonly speed: number) {}

  async until(time: number, stop: AbortSignal): Promise<void> {
    const due = this.#shownAt + ((time - this.#time) / this.speed) * 1000;
    const early = due - performance.now();
    if (early > 0) await wait(early, undefined, { signal: stop }).catch(() => undefined);
    this.#shownAt = Math.max(due, performance.now());
    this.#time = time;
  }
}
