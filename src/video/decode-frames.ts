import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { RgbImage } from '../image/image';
import { startProcess } from '../processes/start-process';
import { throwIfAborted } from '../validate';
import { findFfmpeg, toolFailed } from './ffmpeg';

/** A picture of a video, upright. */
export interface VideoFrame {
  /** From 0. */
  readonly index: number;
  /** Presentation time, in seconds from the start of the file's clock. */
  readonly time: number;
  readonly image: RgbImage;
}

/** An input of ffmpeg, as command line arguments. */
export interface FrameSource {
  readonly args: readonly string[];
  /** Its name in messages. */
  readonly name: string;
  /**
   * The expected duration of the pictures in seconds: if it is not reached, ffmpeg's error is thrown after the last
   * picture. Infinity: for an endless source, any end is a failure. Default: only ffmpeg's exit code decides.
   */
  readonly lasts?: number;
  /** Average frames per second. */
  readonly fps?: number;
}

/**
 * The frames of any source supported by ffmpeg. A frame is decoded only after the previous ones were consumed, and
 * leaving the loop ends ffmpeg.
 *
 * @throws PaddleLabError TOOL_FAILED, ABORTED
 */
export async function* decodeFrames(
  source: FrameSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<VideoFrame, void, undefined> {
  const command = await findFfmpeg('ffmpeg');
  throwIfAborted(signal);
  // PPM gives the size with each frame, after rotation; `showinfo` reports the times on the other pipe.
  const args = [
    '-nostdin',
    '-nostats',
    '-v',
    'level+info',
    ...source.args,
    '-map',
    '0:v:0',
    '-vf',
    'showinfo',
    '-fps_mode',
    'passthrough',
  ];
  const child = await startProcess<ChildProcessByStdio<null, Readable, Readable>>(
    command,
    [...args, '-f', 'image2pipe', '-c:v', 'ppm', '-pix_fmt', 'rgb24', '-'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C at a terminal is handled by this process, so that pending frames are still finished.
      detached: true,
    },
  );
  const stop = (): void => {
    child.kill('SIGKILL');
  };
  signal?.addEventListener('abort', stop);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const times = new FrameTimes();
  child.stderr.setEncoding('utf8').on('data', (text: string) => times.read(text));
  void ended.then(() => times.end());
  try {
    let index = 0;
    let time = 0;
    let first: number | undefined;
    for await (const image of splitImages(child.stdout)) {
      time = await times.next();
      first ??= time;
      yield { index, time, image };
      index++;
    }
    const code = await ended;
    throwIfAborted(signal);
    if (code !== 0 || endedEarly(source, time - (first ?? time), times))
      throw toolFailed(`read ${source.name}`, times.log);
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

/**
 * The part of a file that may be missing without an error: the duration of its last picture, and of a longer sound
 * track.
 */
function mayMiss(fps: number): number {
  return Math.max(0.5, 1.5 / fps);
}

/** @param seen seconds between the first picture and the last */
function endedEarly({ lasts, fps = 25 }: FrameSource, seen: number, { complained }: FrameTimes): boolean {
  if (lasts === undefined) return false;
  return lasts === Number.POSITIVE_INFINITY || (complained && seen + mayMiss(fps) < lasts);
}

/** Collects ffmpeg's frame times and error messages. */
class FrameTimes {
  complained = false;
  #log = '';
  /** Times of frames that have not arrived yet. */
  readonly #times: number[] = [];
  #rest = '';
  #wake: (() => void) | undefined;
  #ended = false;

  /** The error messages. */
  get log(): string {
    return this.#log || 'it ended without a message';
  }

  read(text: string): void {
    const lines = (this.#rest + text).split(/[\r\n]/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#readLine(line);
    this.#wake?.();
  }

  #readLine(line: string): void {
    const time = /Parsed_showinfo.* pts_time:\s*(-?[\d.]+)/.exec(line)?.[1];
    if (time !== undefined) this.#times.push(Number(time));
    const complaint = /^(?:\[.*\] )?\[(?:error|fatal|panic)\] (.*)$/.exec(line)?.[1];
    if (complaint === undefined) return;
    this.complained = true;
    this.#log = `${this.#log}${complaint}\n`.slice(-4000);
  }

  end(): void {
    this.read('\n');
    this.#ended = true;
    this.#wake?.();
  }

  /** The two pipes are not synchronised: a frame may arrive before its time. */
  async next(): Promise<number> {
    while (this.#times.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#times.shift() ?? 0;
  }
}

/** Parses consecutive binary PPM images: `P6 width height 255` and the pixels. */
async function* splitImages(stream: AsyncIterable<Buffer>): AsyncGenerator<RgbImage, void, undefined> {
  let header = Buffer.alloc(0);
  let image: RgbImage | undefined;
  let filled = 0;
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.length; ) {
      if (image === undefined) {
        header = Buffer.concat([header, chunk.subarray(at, at + 1)]);
        at++;
        image = startImage(header);
        continue;
      }
      const taken = Math.min(chunk.length - at, image.data.length - filled);
      image.data.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < image.data.length) continue;
      yield image;
      [image, filled, header] = [undefined, 0, Buffer.alloc(0)];
    }
  }
}

/** An empty image, once its header is complete. */
function startImage(header: Buffer): RgbImage | undefined {
  const found = /^P6\s+(\d+)\s+(\d+)\s+255\s$/.exec(header.toString('latin1'));
  if (found === null) return undefined;
  const [width, height] = [Number(found[1]), Number(found[2])];
  return { width, height, data: new Uint8Array(width * height * 3) };
}
