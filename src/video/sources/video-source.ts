import type { VideoFrame } from '../decode-frames';

/** What a source reports besides its frames. */
export interface VideoEvents {
  /** A frame was dropped because earlier ones were still being processed. */
  onDropped(): void;
  /** A stream is connected again. */
  onReconnect(reason: string): void;
}

/** A source of video frames. */
export interface VideoSource {
  /** A file waits until its frames are wanted; a live source goes on, and frames that are not read in time are dropped. */
  readonly kind: 'file' | 'camera' | 'stream';
  /** Its name in messages and results, without passwords. */
  readonly name: string;
  frames(stop: AbortSignal, events: VideoEvents): AsyncGenerator<VideoFrame, void, undefined>;
}
