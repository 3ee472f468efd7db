import { abortSignal, callback, type OptionChecks, readOptions } from '../options';
import type { VideoFrame } from './decode-frames';
import { openVideo } from './sources/open-video';
import type { VideoInput } from './sources/video-input';

/** Options of `readFrames`. */
export interface ReadFramesOptions {
  readonly signal?: AbortSignal;
  /** Called with the reason when a stream is connected again. */
  readonly onReconnect?: (reason: string) => void;
}

const checks = {
  signal: abortSignal,
  onReconnect: callback,
} satisfies OptionChecks<ReadFramesOptions>;

/**
 * The frames of a video, camera or stream, in order; rotated according to the file. Of a file each frame comes
 * once, regardless of the time between them, and is decoded only after the previous ones were consumed. A camera and a
 * live stream go on meanwhile: of the frames that come in while one is processed, only the newest is kept. Leaving the
 * loop ends ffmpeg.
 *
 * @param source a file, `{ camera: 0 }`, `{ url: 'rtsp://…' }` or `{ playlist: 'list.m3u8' }`
 * @throws PaddleLabError INVALID_ARGUMENT (also a playlist that is given as a file), UNKNOWN_OPTION, FILE_NOT_FOUND,
 *   TOOL_FAILED (no ffmpeg, it can't read the source, or a stream that can't be connected again), ABORTED
 */
export async function* readFrames(
  source: VideoInput,
  options: ReadFramesOptions = {},
): AsyncGenerator<VideoFrame, void, undefined> {
  const { signal = new AbortController().signal, onReconnect } = readOptions('readFrames', options, checks);
  const { frames } = await openVideo(source);
  yield* frames(signal, { onDropped: () => {}, onReconnect: (reason) => onReconnect?.(reason) });
}
