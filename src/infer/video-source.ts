import { resolvePath } from '../image/image';
import { runProcess } from '../processes/run-process';
import { findFfmpeg, toolFailed } from '../video/ffmpeg';
import { probeVideo } from '../video/probe';
import { readSource, type VideoFrame } from '../video/read-frames';

/** A source of video frames. */
export interface VideoSource {
  /** A file waits until its frames are wanted; a camera continues, and frames that are not read in time are dropped. */
  readonly kind: 'file' | 'camera';
  /** Its name in results. */
  readonly name: string;
  /** Frame rate of the written video. */
  readonly fps: number;
  /** Undefined if unknown, as for a camera. */
  readonly frameCount: number | undefined;
  /** The file whose sound is kept. */
  readonly sound: string | undefined;
  /** @param onDropped called for each frame that was dropped because earlier ones were still being processed */
  frames(stop: AbortSignal, onDropped: () => void): AsyncIterable<VideoFrame>;
}

/**
 * A video file.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, IMAGE_UNREADABLE, TOOL_FAILED
 */
export async function videoFile(file: string): Promise<VideoSource> {
  const { fps, frames, duration } = await probeVideo(file);
  const target = resolvePath(file);
  const source = { args: ['-i', target], name: target, fps, ...(duration === undefined ? {} : { lasts: duration }) };
  return {
    kind: 'file',
    name: target,
    fps,
    frameCount: frames ?? (duration === undefined ? undefined : Math.round(duration * fps)),
    sound: (await hasSound(file)) ? target : undefined,
    frames: (stop) => readSource(source, stop),
  };
}

async function hasSound(file: string): Promise<boolean> {
  const command = await findFfmpeg('ffprobe');
  const args = ['-v', 'error', '-select_streams', 'a', '-show_entries', 'stream=index', '-of', 'csv=p=0'];
  const { code, stdout, stderr } = await runProcess([command], [...args, resolvePath(file)]);
  if (code !== 0) throw toolFailed(`read ${file}`, stderr);
  return stdout.trim() !== '';
}
