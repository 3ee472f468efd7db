import type { Detection } from '../results';

/** An object of a frame with the number that it keeps over the frames. */
export interface TrackedObject<D extends Detection = Detection> extends Detection {
  /** From 1. ByteTrack numbers the objects of each class by themselves; the others number all objects together. */
  readonly id: number;
  /** The detection of this frame that belongs to this object, with its mask or corners if it has any. */
  readonly detection: D;
}

/** Follows objects over the frames of one video. */
export interface Tracker {
  readonly name: TrackerName;
  /**
   * Takes the detections of the next frame and gives the objects that are tracked in it. Call it for each frame, with an
   * empty list where nothing was found. Detections without area, such as those cut off at the image's edge, are left out.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  update<D extends Detection>(detections: readonly D[]): TrackedObject<D>[];
  /** Forgets all objects, for the start of another video; ids begin at 1 again. */
  reset(): void;
}

/** The trackers of PaddleDetection that need no network of their own. */
export type TrackerName = 'bytetrack' | 'oc-sort' | 'bot-sort';
