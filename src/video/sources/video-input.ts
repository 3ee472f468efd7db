import { boolean, integer, number, type OptionChecks, oneOf, readOptions, text } from '../../options';
import { checkOneOf, invalidArgument } from '../../validate';

/** A camera of this computer. */
export interface CameraInput {
  /** The number of its device: 0 is `/dev/video0`. */
  readonly camera: number;
}

/** A stream on the network. */
export interface StreamInput {
  /** Such as `rtsp://192.168.0.5/stream`; the protocols are those of `streamProtocols`. */
  readonly url: string;
  /** How often it is connected again before frames come; each frame starts the count anew. Default 10; 0: never. */
  readonly reconnect?: number;
  /**
   * Whether it goes on by itself: then only the newest of the frames that come in while one is processed is kept, and an
   * end means that it is connected again. Default: false for `http` and `https`, else true.
   */
  readonly live?: boolean;
  /** How RTSP sends its frames; default `tcp`, as in OpenCV. */
  readonly transport?: 'tcp' | 'udp';
  /** Seconds without a frame after which it is connected again, 0.1 to 3600; default 10. */
  readonly stallTimeout?: number;
}

/** A list of other files or addresses, such as HLS, DASH or ffmpeg's `ffconcat`: all that it names is opened. */
export interface PlaylistInput {
  readonly playlist: string;
}

/**
 * Where frames come from: a video file, or, named as such, a camera, a stream or a playlist. A file never opens another
 * file or an address.
 */
export type VideoInput = string | CameraInput | StreamInput | PlaylistInput;

/** The protocols of streams; ffmpeg opens no other. */
export const streamProtocols = ['rtsp', 'rtsps', 'rtmp', 'rtmps', 'srt', 'udp', 'rtp', 'http', 'https'] as const;
/** A protocol of streams. */
export type StreamProtocol = (typeof streamProtocols)[number];

/** @internal A checked input. */
export type CheckedInput =
  | { readonly kind: 'file' | 'playlist'; readonly file: string }
  | { readonly kind: 'camera'; readonly id: number }
  | CheckedStream;

/** @internal A checked stream. */
export interface CheckedStream extends Required<StreamInput> {
  readonly kind: 'stream';
  readonly protocol: StreamProtocol;
}

const cameraChecks = { camera: integer(0) } satisfies OptionChecks<CameraInput>;
const playlistChecks = { playlist: text } satisfies OptionChecks<PlaylistInput>;
const streamChecks = {
  url: text,
  reconnect: integer(0),
  live: boolean,
  transport: oneOf(['tcp', 'udp']),
  stallTimeout: number(0.1, 3600),
} satisfies OptionChecks<StreamInput>;

/** @internal @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkVideoInput(input: VideoInput): CheckedInput {
  if (typeof input === 'string') return { kind: 'file', file: checkFile(input) };
  if (typeof input === 'object' && input !== null) {
    if ('camera' in input) return { kind: 'camera', id: readOptions('source', input, cameraChecks).camera };
    if ('playlist' in input) return { kind: 'playlist', file: readOptions('source', input, playlistChecks).playlist };
    if ('url' in input) return checkStream(readOptions('source', input, streamChecks));
  }
  throw invalidArgument('source', 'video file, { camera }, { url } or { playlist }', input);
}

function checkFile(file: string): string {
  const protocol = protocolOf(file);
  if (protocol === undefined) return file;
  throw invalidArgument('source', `video file, or a stream named as one: { url: '${protocol}://…' }`, file);
}

function checkStream(given: StreamInput): CheckedStream {
  const protocol = checkOneOf('protocol of url', protocolOf(given.url) ?? given.url, streamProtocols);
  const live = protocol !== 'http' && protocol !== 'https';
  return { kind: 'stream', protocol, live, reconnect: 10, transport: 'tcp', stallTimeout: 10, ...given };
}

/** A single letter is a drive. */
function protocolOf(address: string): string | undefined {
  return /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1]?.toLowerCase();
}
