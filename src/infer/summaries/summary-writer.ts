import type { ImageRecord } from '../journal';

/** What a summary needs to know. */
export interface SummaryOptions {
  readonly folder: string;
  /** COCO's class numbers and image ids instead of the model's and the order. */
  readonly cocoCategories: boolean;
  /** Least score of what is listed, but for files that hold everything. */
  readonly threshold: number | undefined;
}

/** Makes files about all images; answers their paths. */
export type SummaryWriter = (records: AsyncIterable<ImageRecord>, options: SummaryOptions) => Promise<string[]>;
