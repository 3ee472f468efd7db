import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFrames } from '../../src';
import { openVideoWriter } from '../../src/video/write-video';
import { folderWith } from '../helpers/folders';
import { RtspServer } from '../helpers/rtsp-server';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
if (!hasFfmpeg) process.stderr.write('SKIPPED: no ffmpeg on this machine\n');

describe('an input', () => {
  it.each([
    ['rtsp://host/live', /Expected video file, or a stream named as one: \{ url: 'rtsp:\/\/…' \} for source/],
    [{ url: 'file:///etc/passwd' }, /Expected .*rtsp.* for protocol of url but received "file"/],
    [{ url: 'live' }, /for protocol of url but received "live"/],
    [{ url: 'rtsp://h/', reconect: 3 }, /reconect.*reconnect/],
    [{ url: 'rtsp://h/', transport: 'sctp' }, /tcp.*udp.*for transport but received "sctp"/],
    [{ camera: -1 }, /Expected integer ≥ 0 for camera but received -1/],
    [{ stream: 'x' }, /Expected video file, \{ camera \}, \{ url \} or \{ playlist \} for source/],
  ])('%j is refused', async (input, message) => {
    await expect(readFrames(input as never).next()).rejects.toThrow(message);
  });
});

describe.skipIf(!hasFfmpeg)('files and playlists', () => {
  let video: string;
  let folder: string;
  beforeAll(async () => {
    folder = folderWith({ 'list.m3u8': '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\npart.ts\n#EXT-X-ENDLIST\n' });
    video = path.join(folder, 'a.mp4');
    const writer = await openVideoWriter(video, { width: 64, height: 48 }, 10);
    for (let i = 0; i < 20; i++) await writer.write({ width: 64, height: 48, data: new Uint8Array(64 * 48 * 3) });
    await writer.finish();
    spawnSync('ffmpeg', ['-v', 'error', '-i', video, '-c:v', 'libx264', path.join(folder, 'part.ts')]);
  });

  const count = async (input: Parameters<typeof readFrames>[0]): Promise<number> => {
    let found = 0;
    for await (const _ of readFrames(input)) found++;
    return found;
  };

  it('are read, a playlist when it is named as one', async () => {
    expect(await count(video)).toBe(20);
    expect(await count({ playlist: path.join(folder, 'list.m3u8') })).toBe(20);
  });

  it.each([
    ['HLS', '#EXTM3U\n#EXTINF:1,\npart.ts\n'],
    ['concat', 'ffconcat version 1.0\nfile a.mp4\n'],
    ['SDP', 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 26\r\n'],
    ['DASH', '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>'],
  ])('%s that is called a video is refused, because it opens others', async (_, content) => {
    const file = path.join(folderWith({ 'holiday.mp4': content }), 'holiday.mp4');
    await expect(count(file)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(`a playlist named as one, { playlist: "${file}" }`),
    });
  });

  it('open no address, whatever a file says', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      // A comment before the first line hides the playlist from a look at its beginning.
      const content = `${' '.repeat(5000)}\n#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:${port}/a.ts\n`;
      const file = path.join(folderWith({ 'b.m3u8': content }), 'b.m3u8');
      await expect(count(file)).rejects.toMatchObject({ code: 'TOOL_FAILED' });
      expect(asked).toBe(0);
    } finally {
      server.close();
    }
  });

  it('are played from a web server to their end', async () => {
    const bytes = readFileSync(path.join(folder, 'part.ts'));
    const server = createServer((_, response) => {
      response.end(bytes);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      expect(await count({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/part.ts` })).toBe(20);
    } finally {
      server.close();
    }
  });
});

describe.skipIf(!hasFfmpeg)('an RTSP stream', () => {
  let server: RtspServer;
  beforeAll(async () => {
    server = await new RtspServer().listen();
  });
  afterAll(() => server.close());

  it('goes on after the connection was lost, and after it has stalled', { timeout: 60_000 }, async () => {
    const reasons: string[] = [];
    const seen: [index: number, time: number][] = [];
    const source = { url: `rtsp://${server.authority}/live`, stallTimeout: 3 };
    for await (const { index, time, image } of readFrames(source, { onReconnect: (reason) => reasons.push(reason) })) {
      expect([image.width, image.height]).toEqual([64, 48]);
      seen.push([index, time]);
      if (index === 5) server.cut();
      else if (reasons.length === 1 && seen.length === 12) server.stall();
      else if (reasons.length === 2) break;
    }
    expect(server.plays).toBe(3);
    expect(seen.map(([index]) => index)).toEqual(seen.map((_, i) => i));
    const times = seen.map(([, time]) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(reasons[1]).toMatch(/no frame of rtsp:.* came for 3 s/);
  });

  it('that does not exist is an error at once, without its password', async () => {
    const url = `rtsp://me:secret@${server.authority}/other`;
    await expect(readFrames({ url }).next()).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringMatching(/^ffmpeg can't read rtsp:\/\/me:\*\*\*@.*\/other: .*404 Not Found/),
    });
  });

  it('ends with the signal', async () => {
    const abort = new AbortController();
    const frames = readFrames({ url: `rtsp://${server.authority}/live` }, { signal: abort.signal });
    await frames.next();
    abort.abort();
    await expect(
      (async () => {
        for await (const _ of frames);
      })(),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
