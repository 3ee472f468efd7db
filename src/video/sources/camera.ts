import { messageOf, PaddleLabError } from '../../errors';
import { readdir } from '../../files/fs';
import { decodeFrames, type VideoFrame } from '../decode-frames';
import { newestOf } from './newest-item';
import type { VideoSource } from './video-source';

/** A camera of this computer, through Video4Linux. Its frames are numbered in order and have the camera's own times. */
export function camera(id: number): VideoSource {
  const device = `/dev/video${id}`;
  return {
    kind: 'camera',
    name: device,
    frames: (stop, { onDropped }) => cameraFrames(device, stop, onDropped),
  };
}

async function* cameraFrames(
  device: string,
  stop: AbortSignal,
  onDropped: () => void,
): AsyncGenerator<VideoFrame, void, undefined> {
  const source = {
    args: ['-f', 'v4l2', '-i', device],
    name: `camera ${device}`,
    lasts: Number.POSITIVE_INFINITY,
  };
  let index = 0;
  try {
    for await (const frame of newestOf(decodeFrames(source, stop), onDropped)) yield { ...frame, index: index++ };
  } catch (error) {
    // The cause is ffmpeg's error message; if ffmpeg is missing there is none.
    if (index > 0 || !(error instanceof PaddleLabError) || typeof error.cause !== 'string') throw error;
    const hint = await hintFor(messageOf(error));
    throw new PaddleLabError('TOOL_FAILED', `${error.message}. ${hint}`, { cause: error.cause });
  }
}

async function hintFor(complaint: string): Promise<string> {
  if (/Permission denied/i.test(complaint)) {
    return 'Cameras belong to the group "video" on most systems: `sudo usermod -aG video $USER`, then log in again.';
  }
  if (/busy/i.test(complaint)) return 'Another program uses it; close that program first.';
  const names = await readdir('/dev').catch(() => []);
  const ids = names.flatMap((name) => /^video(\d+)$/.exec(name)?.[1] ?? []).sort((a, b) => Number(a) - Number(b));
  return ids.length === 0
    ? 'No camera is attached, or this system has no access to it (there is no /dev/video*).'
    : `The cameras here are ${ids.join(', ')}; some devices of a camera have no pictures.`;
}
