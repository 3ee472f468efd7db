import { messageOf, PaddleLabError } from '../errors';
import { readdir } from '../files/fs';
import { readSource, type VideoFrame } from '../video/read-frames';
import { newestOf } from './newest-item';
import type { VideoSource } from './video-source';

/** The rate of videos that are made of a camera's frames, as Paddle's scripts have it. */
const cameraFps = 30;

/** A camera of this computer, by Video4Linux. Its frames are numbered as they are taken, with the camera's own times. */
export function camera(id: number): VideoSource {
  const device = `/dev/video${id}`;
  return {
    kind: 'camera',
    name: device,
    fps: cameraFps,
    frameCount: undefined,
    sound: undefined,
    frames: (stop, onPassedOver) => cameraFrames(device, stop, onPassedOver),
  };
}

async function* cameraFrames(
  device: string,
  stop: AbortSignal,
  onPassedOver: () => void,
): AsyncGenerator<VideoFrame, void, undefined> {
  const source = {
    args: ['-f', 'v4l2', '-i', device],
    name: `camera ${device}`,
    lasts: Number.POSITIVE_INFINITY,
  };
  let index = 0;
  try {
    for await (const frame of newestOf(readSource(source, stop), onPassedOver)) yield { ...frame, index: index++ };
  } catch (error) {
    // What ffmpeg said is the cause; without ffmpeg there is none to say anything.
    if (index > 0 || !(error instanceof PaddleLabError) || typeof error.cause !== 'string') throw error;
    const hint = await hintFor(messageOf(error));
    throw new PaddleLabError('TOOL_FAILED', `${error.message}. ${hint}`, { cause: error.cause });
  }
}

async function hintFor(complaint: string): Promise<string> {
  if (/Permission denied/i.test(complaint)) {
    return 'Cameras belong to the group "video" on most systems: `sudo usermod -aG video $USER`, then log in again.';
  }
  if (/busy/i.test(complaint)) return 'Another program uses it; end that first.';
  const names = await readdir('/dev').catch(() => []);
  const ids = names.flatMap((name) => /^video(\d+)$/.exec(name)?.[1] ?? []).sort((a, b) => Number(a) - Number(b));
  return ids.length === 0
    ? 'No camera is attached, or this system is not allowed to see it (there is no /dev/video*).'
    : `--camera_id can be ${ids.join(', ')} here; some devices of a camera give no pictures.`;
}
