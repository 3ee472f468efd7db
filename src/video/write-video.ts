import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { PaddleLabError } from '../errors';
import { diskFull, isDiskFull } from '../files/disk-full';
import { mkdir } from '../files/fs';
import { type RgbImage, resolvePath } from '../image/image';
import { startProcess } from '../processes/start-process';
import { checkNumber, checkString, invalidArgument } from '../validate';
import { findFfmpeg, toolFailed } from './ffmpeg';

/** The formats that every browser plays: H.264 in MP4 and VP9 in WebM. */
const encoders: { readonly [Extension in string]?: readonly string[] } = {
  '.mp4': ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
  '.webm': [
    '-c:v',
    'libvpx-vp9',
    '-deadline',
    'realtime',
    '-cpu-used',
    '6',
    '-crf',
    '34',
    '-b:v',
    '0',
    '-pix_fmt',
    'yuv420p',
  ],
};

/** Makes a video with a constant frame rate from pictures and their times. */
export interface VideoWriter {
  /**
   * Adds a picture; waits while ffmpeg is busy.
   *
   * @param time in seconds, from which the picture is shown; pictures are repeated or dropped accordingly. Default: one
   *   picture per frame.
   */
  write(image: RgbImage, time?: number): Promise<void>;
  /** Ends the file and returns its full path. */
  finish(): Promise<string>;
  /** Kills ffmpeg at once; the file is unusable. */
  abort(): void;
}

/**
 * Starts a video file, `.mp4` or `.webm`.
 *
 * @param size of all pictures; an odd last row or column is cropped, because the formats need even sizes
 * @throws PaddleLabError INVALID_ARGUMENT, TOOL_FAILED, FILE_UNWRITABLE
 */
export async function openVideoWriter(
  file: string,
  size: { readonly width: number; readonly height: number },
  fps: number,
): Promise<VideoWriter> {
  const target = resolvePath(checkString('file', file));
  const encoder = encoders[path.extname(target).toLowerCase()];
  if (encoder === undefined) throw invalidArgument('file', 'file name ending in .mp4 or .webm', file);
  checkNumber('fps', fps, 0.01, 1000);
  const command = await findFfmpeg('ffmpeg');
  await mkdir(path.dirname(target), { recursive: true });
  const input = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-s',
    `${size.width}x${size.height}`,
    '-r',
    String(fps),
    '-i',
    '-',
  ];
  const even = ['-vf', 'crop=trunc(iw/2)*2:trunc(ih/2)*2'];
  // Without -xerror a full disk is only logged.
  const child = await startProcess<ChildProcessByStdio<Writable, null, Readable>>(
    command,
    ['-y', '-xerror', '-v', 'error', ...input, ...even, ...encoder, target],
    {
      stdio: ['pipe', 'ignore', 'pipe'],
      // Ctrl-C at a terminal is handled by this process: ffmpeg must finish the file.
      detached: true,
    },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  // The exit handler reports the error; the pipe would only report that it is closed.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let [written, start] = [0, undefined as number | undefined];
  let shown: RgbImage | undefined;
  const put = async (image: RgbImage): Promise<void> => {
    if (image.width !== size.width || image.height !== size.height) {
      throw invalidArgument(
        'image',
        `picture of ${size.width}×${size.height} pixels`,
        `${image.width}×${image.height}`,
      );
    }
    written++;
    if (!child.stdin.write(image.data)) await Promise.race([once(child.stdin, 'drain').catch(() => ended), ended]);
    if (child.exitCode === null && child.signalCode === null) return;
    await ended;
    throw writeFailed(target, log);
  };
  return {
    async write(image, time) {
      if (time === undefined) return await put(image);
      start ??= time;
      const wanted = Math.round((time - start) * fps);
      // A picture is shown until the next one.
      while (written < wanted) await put(shown ?? image);
      shown = image;
      if (written === wanted) await put(image);
    },
    async finish() {
      child.stdin.end();
      if ((await ended) !== 0) throw writeFailed(target, log);
      return target;
    },
    abort: () => void child.kill('SIGKILL'),
  };
}

/** A full disk is not a failure of the tool. */
function writeFailed(target: string, log: string): PaddleLabError {
  if (isDiskFull(log)) return diskFull(target, log);
  const error = toolFailed(`write ${target}`, log);
  if (!/Permission denied|Read-only file system|Is a directory/i.test(log)) return error;
  return new PaddleLabError('FILE_UNWRITABLE', error.message, { cause: error.cause });
}
