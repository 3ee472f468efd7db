import type { ImageRecord } from '../../predict/result-journal';
import type { ModelSpec } from '../../spec/spec';

/** Options of summaries. */
export interface SummaryOptions {
  readonly folder: string;
  /** Whether to use COCO's class numbers and image ids instead of the model's and the image's index. */
  readonly cocoCategories: boolean;
  /** Minimum score of listed objects, except in files that contain all of them. */
  readonly threshold: number | undefined;
}

/** Makes files about all images, or all frames of a video. */
export interface Summary {
  /** Names of all files that it may write. */
  readonly files: readonly string[];
  /** The reason why it does not support a model's results; undefined if it does. */
  refuses(spec: ModelSpec): string | undefined;
  /** Reads the records once for each file; returns the paths of the written files. */
  write(records: () => AsyncIterable<ImageRecord>, options: SummaryOptions): Promise<string[]>;
}
