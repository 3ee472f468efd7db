import type { ImageRecord } from '../predict/result-journal';

/** The records of a video's frames, on disk until all summary files are written. */
export interface FrameRecords {
  /** Number of frames of this run in it. */
  readonly count: number;
  /** @throws PaddleLabError FILE_UNWRITABLE */
  add(record: ImageRecord): Promise<void>;
  /** The records in the order of adding, one at a time. */
  records(): AsyncGenerator<ImageRecord, void, undefined>;
  close(): Promise<void>;
  /** Closes and keeps it; returns the name of the file. */
  keep(): Promise<string>;
}
