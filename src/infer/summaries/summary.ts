import type { ImageRecord } from '../../predict/result-journal';
import type { ResultDefinition } from '../../tasks/task-definition';

/** Options of summaries. */
export interface SummaryOptions {
  readonly folder: string;
  /** Whether to use COCO's class numbers and image ids instead of the model's and the image's index. */
  readonly cocoCategories: boolean;
  /** Minimum score of listed objects, except in files that contain all of them. */
  readonly threshold: number | undefined;
}

/** The task of the results. */
export interface SummaryTask {
  readonly name: string;
  readonly definition: Pick<ResultDefinition, 'coco'>;
}

/** Makes files about all images, or all frames of a video. */
export interface Summary {
  /** Names of all files that it may write. */
  readonly files: readonly string[];
  /** The reason why it does not support results of a task; undefined if it does. */
  refuses(task: SummaryTask): string | undefined;
  /** Reads the records once for each file; returns the paths of the written files. */
  write(records: () => AsyncIterable<ImageRecord>, options: SummaryOptions): Promise<string[]>;
}
