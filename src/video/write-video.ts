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
  const pixels = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${size.width}x${size.height}`];
  const input = [...pixels, '-r', String(fps), '-i', '-'];
  const even = ['-vf', 'crop=trunc(iw/2)*2:trunc(ih/2)*2'];
  // Without -xerror a full disk is only logged.
  const args = ['-y', '-xerror', '-v', 'error', ...input, ...even, ...encoder, target];
  const child = await startProcess<Ffmpeg>(command, args, {
    stdio: ['pipe', 'ignore', 'pipe'],
    // Ctrl-C at a terminal is handled by this process: ffmpeg must finish the file.
    detached: true,
  });
  return new FfmpegWriter(child, target, size, fps);
}

type Ffmpeg = ChildProcessByStdio<Writable, null, Readable>;

class FfmpegWriter implements VideoWriter {
  private readonly ended: Promise<number | null>;
  private log = '';
  private written = 0;
  private start: number | undefined;
  private last: RgbImage | undefined;

  constructor(
    private readonly child: Ffmpeg,
    private readonly target: string,
    private readonly size: { readonly width: number; readonly height: number },
    private readonly fps: number,
  ) {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.log += text;
    });
    // The exit handler reports the error; the pipe would only report that it is closed.
    child.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve) => child.once('close', resolve));
  }

  async write(image: RgbImage, time?: number): Promise<void> {
    if (time === undefined) return await this.put(image);
    this.start ??= time;
    const wanted = Math.round((time - this.start) * this.fps);
    // A picture is shown until the next one.
    while (this.written < wanted) await this.put(this.last ?? image);
    this.last = image;
    if (this.written === wanted) await this.put(image);
  }

  async finish(): Promise<string> {
    this.child.stdin.end();
    if ((await this.ended) !== 0) throw writeFailed(this.target, this.log);
    return this.target;
  }

  abort(): void {
    this.child.kill('SIGKILL');
  }

  private async put(image: RgbImage): Promise<void> {
    const { width, height } = this.size;
    if (image.width !== width || image.height !== height) {
      throw invalidArgument('image', `picture of ${width}×${height} pixels`, `${image.width}×${image.height}`);
    }
    this.written++;
    const { child, ended } = this;
    if (!child.stdin.write(image.data)) await Promise.race([once(child.stdin, 'drain').catch(() => ended), ended]);
    if (child.exitCode === null && child.signalCode === null) return;
    await ended;
    throw writeFailed(this.target, this.log);
  }
}

/** A full disk is not a failure of the tool. */
function writeFailed(target: string, log: string): PaddleLabError {
  if (isDiskFull(log)) return diskFull(target, log);
  const error = toolFailed(`write ${target}`, log);
  if (!/Permission denied|Read-only file system|Is a directory/i.test(log)) return error;
  return new PaddleLabError('FILE_UNWRITABLE', error.message, { cause: error.cause });
}
