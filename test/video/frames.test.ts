import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { jupyterDisplay } from '../../src/display/display';
import type { RgbImage } from '../../src/image/image';
import { videoFile } from '../../src/infer/video-source';
import { loadModel } from '../../src/model/load-model';
import { decodeFrames } from '../../src/video/decode-frames';
import { probeVideo } from '../../src/video/probe';
import { readFrames } from '../../src/video/read-frames';
import { visualizeVideo } from '../../src/video/visualize-video';
import { openVideoWriter } from '../../src/video/write-video';
import { demoModel, projectRoot } from '../helpers/project';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
if (!hasFfmpeg) process.stderr.write('SKIPPED: no ffmpeg on this machine\n');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-frames-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** One colour that identifies the frame; the top left quarter is white, to detect rotation. */
function frame(index: number, width = 64, height = 48): RgbImage {
  const data = new Uint8Array(width * height * 3).fill(20 + 20 * index);
  for (let y = 0; y < height / 2; y++) data.fill(255, y * width * 3, (y * width + width / 2) * 3);
  return { width, height, data };
}

async function makeVideo(name: string, count: number): Promise<string> {
  const writer = await openVideoWriter(path.join(folder, name), { width: 64, height: 48 }, 10);
  for (let index = 0; index < count; index++) await writer.write(frame(index));
  return await writer.finish();
}

const numberOf = ({ data, width, height }: RgbImage, x = 0.75, y = 0.75): number =>
  Math.round((data[(Math.floor(y * height) * width + Math.floor(x * width)) * 3] ?? 0) / 20) - 1;

describe.skipIf(!hasFfmpeg)('frames of a video', () => {
  it('are read once each, in order, with their times, from MP4 and WebM', async () => {
    for (const name of ['a.mp4', 'a.webm']) {
      const file = await makeVideo(name, 8);
      const seen: [number, number, number][] = [];
      for await (const { index, time, image } of readFrames(file)) seen.push([index, time, numberOf(image)]);
      expect(seen.map(([index]) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(seen.map(([, , number]) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      for (const [index, time] of seen) expect(time).toBeCloseTo(index / 10, 2);
      expect((await probeVideo(file)).fps).toBeCloseTo(10, 1);
    }
  });

  it('are upright if the file is marked as rotated', async () => {
    const file = await makeVideo('b.mp4', 2);
    const turned = path.join(folder, 'turned.mp4');
    const { status } = spawnSync('ffmpeg', [
      '-v',
      'error',
      '-i',
      file,
      '-c',
      'copy',
      '-metadata:s:v:0',
      'rotate=90',
      turned,
    ]);
    expect(status).toBe(0);
    for await (const { image } of readFrames(turned)) {
      expect([image.width, image.height]).toEqual([48, 64]);
      // The top left corner is now at the bottom left.
      const at = (x: number, y: number) => image.data[(y * image.width + x) * 3] ?? 0;
      expect([at(4, image.height - 5) > 240, at(4, 4) > 240, at(image.width - 5, 4) > 240]).toEqual([
        true,
        false,
        false,
      ]);
    }
  });

  it('keep their own times at a variable frame rate', async () => {
    const file = await makeVideo('c.mp4', 6);
    const uneven = path.join(folder, 'uneven.mp4');
    const select = ['-vf', "select='not(eq(n,2)+eq(n,3))'", '-fps_mode', 'vfr'];
    expect(spawnSync('ffmpeg', ['-v', 'error', '-i', file, ...select, uneven]).status).toBe(0);
    const times: number[] = [];
    for await (const { time } of readFrames(uneven)) times.push(Math.round(time * 10));
    expect(times).toEqual([0, 1, 4, 5]);

    const even = await openVideoWriter(path.join(folder, 'even.mp4'), { width: 64, height: 48 }, 10);
    for await (const { image, time } of readFrames(uneven)) await even.write(image, time);
    const numbers: number[] = [];
    for await (const { image } of readFrames(await even.finish())) numbers.push(numberOf(image));
    expect(numbers).toEqual([0, 1, 1, 1, 4, 5]);
  });

  it('end ffmpeg when the loop is left or aborted', async () => {
    const file = await makeVideo('d.mp4', 30);
    for await (const { index } of readFrames(file)) if (index === 1) break;
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      for await (const _ of readFrames(file, { signal: abort.signal })) abort.abort();
    };
    await expect(read()).rejects.toMatchObject({ code: 'ABORTED' });
  });

  describe('with ffmpeg errors', () => {
    afterEach(() => vi.unstubAllEnvs());

    async function standIn(name: string, script: string): Promise<void> {
      const file = path.join(folder, name);
      await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      vi.stubEnv('FFMPEG', file);
    }

    async function count(frames: AsyncIterable<unknown>): Promise<number> {
      let found = 0;
      for await (const _ of frames) found++;
      return found;
    }

    it('are complete for an intact slow video', async () => {
      const writer = await openVideoWriter(path.join(folder, 'slow.mp4'), { width: 64, height: 48 }, 0.4);
      for (let index = 0; index < 4; index++) await writer.write(frame(index));
      const file = await writer.finish();
      await standIn('complaining', `echo '[error] concealed' >&2; exec ffmpeg "$@"`);
      const source = await videoFile(file);
      expect(
        await count(source.frames(new AbortController().signal, { onDropped: () => {}, onReconnect: () => {} })),
      ).toBe(4);
      // Half of it, with a late start time.
      const half = { args: ['-itsoffset', '5', '-t', '5', '-i', file], name: 'half', lasts: 10, fps: 0.4 };
      await expect(count(decodeFrames(half, undefined))).rejects.toThrow("ffmpeg can't read half: concealed");
    });

    it("while writing are reported with ffmpeg's error", async () => {
      await standIn('refusing', `[ "$1" = -version ] && exit; head -c 100 >/dev/null; echo 'Odd trouble' >&2; exit 1`);
      const writer = await openVideoWriter(path.join(folder, 'odd.mp4'), { width: 640, height: 480 }, 10);
      const write = async (): Promise<void> => {
        for (let index = 0; index < 10; index++) await writer.write(frame(index, 640, 480));
      };
      await expect(write()).rejects.toMatchObject({
        code: 'TOOL_FAILED',
        message: expect.stringContaining('Odd trouble'),
      });
    });
  });

  it('are refused with the reason', async () => {
    const first = async (file: string): Promise<unknown> => await readFrames(file).next();
    await expect(first('no/such.mp4')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(first(path.join(projectRoot, 'package.json'))).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    await expect(openVideoWriter('a.avi', { width: 2, height: 2 }, 5)).rejects.toThrow(
      'file name ending in .mp4 or .webm',
    );
  });
});

describe('visualizeVideo', () => {
  it('does not overwrite its own input', async () => {
    const file = path.join(folder, 'own.mp4');
    await writeFile(file, 'a video');
    const model = await loadModel(demoModel('shapes_det_picodet'), { engine: 'plain' });
    try {
      const failure = visualizeVideo(model, file, { file });
      await expect(failure).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
      await expect(failure).rejects.toThrow(
        /own\.mp4 is an input and would be overwritten by its own result; use another name/,
      );
      expect(await readFile(file, 'utf8')).toBe('a video');
    } finally {
      await model.dispose();
    }
  });

  it('draws on frames and makes an animation within its size limit, without ffmpeg', async () => {
    const model = await loadModel(demoModel('shapes_det_picodet'), { engine: 'plain' });
    try {
      const image = path.join(projectRoot, 'notebooks/images/shapes.png');
      const mirrored = await sharp(image).flop().png().toBuffer();
      const video = await visualizeVideo(model, [image, mirrored, image], { format: 'webp', fps: 5, maxBytes: 12_000 });
      expect(String(video)).toMatch(/^Video 320×240, 3 frames, webp$/);
      expect(video.toBuffer().length).toBeLessThanOrEqual(12_000);
      expect((await sharp(video.toBuffer()).metadata()).pages).toBe(3);
      expect(video[jupyterDisplay]()['text/html']).toContain('data:image/webp;base64,');
    } finally {
      await model.dispose();
    }
  }, 60_000);

  it.skipIf(!hasFfmpeg)(
    'draws on images and writes a video with ffmpeg',
    async () => {
      const model = await loadModel(demoModel('shapes_det_picodet'), { engine: 'plain' });
      try {
        const image = path.join(projectRoot, 'notebooks/images/shapes.png');
        const file = path.join(folder, 'drawn.mp4');
        const drawn = await visualizeVideo(model, [image, image], { file });
        expect(drawn.file).toBe(file);
        expect((await probeVideo(file)).frames).toBe(2);
      } finally {
        await model.dispose();
      }
    },
    60_000,
  );
});
