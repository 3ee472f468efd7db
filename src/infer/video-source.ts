import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { resolvePath } from '../image/image';
import { findFfmpeg } from '../video/ffmpeg';
import { probeVideo } from '../video/probe';
import { readFrames, readSource, type VideoFrame } from '../video/read-frames';

const execFileAsync = promisify(execFile);

/** Where the frames of a video come from. */
export interface VideoSource {
  /** Of the video that is written. */
  readonly fps: number;
  /** Undefined where nobody knows, as of a camera. */
  readonly frameCount: number | undefined;
  /** A file whose sound is kept. */
  readonly sound: string | undefined;
  frames(stop: AbortSignal): AsyncIterable<VideoFrame>;
}

/**
 * A video file.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, IMAGE_UNREADABLE, TOOL_FAILED
 */
export async function videoFile(file: string): Promise<VideoSource> {
  const { fps, frames, duration } = await probeVideo(file);
  return {
    fps,
    frameCount: frames ?? (duration === undefined ? undefined : Math.round(duration * fps)),
    sound: (await hasSound(file)) ? resolvePath(file) : undefined,
    frames: (stop) => readFrames(file, { signal: stop }),
  };
}

async function hasSound(file: string): Promise<boolean> {
  const command = await findFfmpeg('ffprobe');
  const args = ['-v', 'error', '-select_streams', 'a', '-show_entries', 'stream=index', '-of', 'csv=p=0'];
  return (await execFileAsync(command, [...args, resolvePath(file)])).stdout.trim() !== '';
}

/** The rate of videos that are made of a camera's frames, as Paddle's scripts have it. */
const cameraFps = 30;

/** A camera of this computer, by Video4Linux. */
export function camera(id: number): VideoSource {
  const device = `/dev/video${id}`;
  return {
    fps: cameraFps,
    frameCount: undefined,
    sound: undefined,
    frames: (stop) => readSource({ args: ['-f', 'v4l2', '-i', device], name: `camera ${device}` }, stop),
  };
}
