import { setTimeout as wait } from 'node:timers/promises';
import { messageOf, PaddleLabError } from '../../errors';
import { throwIfAborted } from '../../validate';
import { decodeFrames, type VideoFrame } from '../decode-frames';
import { newestOf } from './newest-item';
import type { CheckedStream, StreamProtocol } from './video-input';
import type { VideoEvents, VideoSource } from './video-source';

/** What ffmpeg may open for a stream: never a file of this computer. */
const opened: Readonly<Record<StreamProtocol, string>> = {
  rtsp: 'rtsp,rtp,udp,tcp',
  rtsps: 'rtsps,rtsp,rtp,udp,tcp,tls',
  rtmp: 'rtmp,tcp',
  rtmps: 'rtmps,rtmp,tcp,tls',
  srt: 'srt',
  udp: 'udp',
  rtp: 'rtp,udp',
  http: 'http,https,httpproxy,tcp,tls,crypto,data',
  https: 'http,https,httpproxy,tcp,tls,crypto,data',
};
const [firstWaitMs, longestWaitMs] = [250, 10_000];

/** A stream on the network, connected again when it ends, fails or stalls. */
export function stream(checked: CheckedStream): VideoSource {
  const name = checked.url.replace(/(:\/\/[^/?#]*:)[^/?#]*@/, '$1***@');
  return { kind: 'stream', name, frames: (stop, events) => streamFrames({ ...checked, name }, stop, events) };
}

interface NamedStream extends CheckedStream {
  readonly name: string;
}

async function* streamFrames(
  source: NamedStream,
  stop: AbortSignal,
  events: VideoEvents,
): AsyncGenerator<VideoFrame, void, undefined> {
  const started = performance.now();
  let [index, failures] = [0, 0];
  for (;;) {
    const offset = index === 0 ? 0 : (performance.now() - started) / 1000;
    let first: number | undefined;
    let failure: unknown;
    try {
      for await (const { image, time } of connection(source, stop, events)) {
        first ??= time;
        failures = 0;
        yield { index: index++, time: offset + time - first, image };
      }
    } catch (error) {
      failure = error;
    }
    throwIfAborted(stop);
    if (failure === undefined && index > 0 && (!source.live || source.reconnect === 0)) return;
    const reason = failure === undefined ? `${source.name} ended` : messageOf(failure);
    // A stream that never came is most likely misspelt.
    if (index === 0 || failures === source.reconnect) throw streamFailed(source, index, failure ?? reason);
    const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** failures);
    await wait(waitMs, undefined, { signal: stop }).catch(() => throwIfAborted(stop));
    failures += 1;
    events.onReconnect(reason);
  }
}

/** The frames of one connection, until it ends or no frame has come for some time; the newest ones of a live stream. */
async function* connection(
  source: NamedStream,
  stop: AbortSignal,
  { onDropped }: VideoEvents,
): AsyncGenerator<VideoFrame, void, undefined> {
  const left = new AbortController();
  let hasStalled = false;
  const onStall = (): void => {
    hasStalled = true;
    left.abort();
  };
  const decoded = decodeFrames({ args: argsOf(source), name: source.name }, AbortSignal.any([stop, left.signal]));
  const frames = watched(decoded, source.stallTimeout * 1000, onStall);
  try {
    yield* source.live ? newestOf(frames, onDropped) : frames;
  } catch (error) {
    if (!hasStalled) throw error;
    const text = `no frame of ${source.name} came for ${source.stallTimeout} s`;
    throw new PaddleLabError('TOOL_FAILED', text, { cause: error });
  } finally {
    left.abort();
  }
}

/** The time in which an item is processed does not count. */
async function* watched<T>(
  items: AsyncIterable<T>,
  ms: number,
  onStall: () => void,
): AsyncGenerator<T, void, undefined> {
  let timer = setTimeout(onStall, ms);
  try {
    for await (const item of items) {
      clearTimeout(timer);
      yield item;
      timer = setTimeout(onStall, ms);
    }
  } finally {
    clearTimeout(timer);
  }
}

function argsOf({ url, protocol, transport }: NamedStream): string[] {
  const isRtsp = protocol === 'rtsp' || protocol === 'rtsps';
  // Without this, ffmpeg holds back the frames that it has read to recognise the stream.
  const rtsp = isRtsp ? ['-fflags', 'nobuffer', '-rtsp_transport', transport] : [];
  return ['-protocol_whitelist', opened[protocol], ...rtsp, '-i', url];
}

function streamFailed({ name, reconnect, url }: NamedStream, frames: number, cause: unknown): PaddleLabError {
  const what = (typeof cause === 'string' ? `${cause} before its first frame` : messageOf(cause)).replaceAll(url, name);
  const lost = `${name} was lost after ${frames} frames and connected again ${reconnect} times: `;
  return new PaddleLabError('TOOL_FAILED', `${frames === 0 ? '' : lost}${what}`, { cause });
}
