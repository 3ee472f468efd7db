import type { ModelSpec } from '../../spec/spec';
import type { ImageRecord } from '../journal';

/** What a summary needs to know. */
export interface SummaryOptions {
  readonly folder: string;
  /** COCO's class numbers and image ids instead of the model's and the order. */
  readonly cocoCategories: boolean;
  /** Least score of what is listed, but for files that hold everything. */
  readonly threshold: number | undefined;
}

/** Makes files about all images, or all frames of a video. */
export interface Summary {
  /** Names of all that it may write. */
  readonly files: readonly string[];
  /** Why results of a model have no place in it; undefined where they have. */
  refuses(spec: ModelSpec): string | undefined;
  /** Goes through the records once for each file; answers the paths of what it wrote. */
  write(records: () => AsyncIterable<ImageRecord>, options: SummaryOptions): Promise<string[]>;
}
