import { runProcess } from '../processes/run-process';
import { decodeFrames } from '../video/decode-frames';
import { findFfmpeg, onlyFiles, toolFailed } from '../video/ffmpeg';
import { findVideo } from '../video/find-video';
import { probeVideo } from '../video/probe';
import { camera } from '../video/sources/camera';
import type { VideoSource } from '../video/sources/video-source';

/** The frame rate of videos recorded from a live source, as in Paddle's scripts. */
const liveFps = 30;

/** A source of frames for a video that is written. */
export interface RecordedSource extends VideoSource {
  /** Frame rate of the written video. */
  readonly fps: number;
  /** Undefined if unknown, as for a camera. */
  readonly frameCount: number | undefined;
  /** The file whose sound is kept. */
  readonly sound: string | undefined;
}

/** A camera of this computer, through Video4Linux. */
export function recordedCamera(id: number): RecordedSource {
  return { ...camera(id), fps: liveFps, frameCount: undefined, sound: undefined };
}

/**
 * A video file.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, INVALID_ARGUMENT (a playlist), IMAGE_UNREADABLE, TOOL_FAILED
 */
export async function videoFile(file: string): Promise<RecordedSource> {
  const { fps, frames, duration } = await probeVideo(file);
  const target = await findVideo(file);
  const args = [...onlyFiles, '-i', target];
  const source = { args, name: target, fps, ...(duration === undefined ? {} : { lasts: duration }) };
  return {
    kind: 'file',
    name: target,
    fps,
    frameCount: frames ?? (duration === undefined ? undefined : Math.round(duration * fps)),
    sound: (await hasSound(target)) ? target : undefined,
    frames: (stop) => decodeFrames(source, stop),
  };
}

async function hasSound(file: string): Promise<boolean> {
  const command = await findFfmpeg('ffprobe');
  const args = ['-v', 'error', '-select_streams', 'a', '-show_entries', 'stream=index', '-of', 'csv=p=0'];
  const { code, stdout, stderr } = await runProcess([command], [...args, ...onlyFiles, file]);
  if (code !== 0) throw toolFailed(`read ${file}`, stderr);
  return stdout.trim() !== '';
}
