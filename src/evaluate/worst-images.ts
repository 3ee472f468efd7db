import type { ImageTruth } from '../datasets/truth';
import type { PredictResult } from '../results';

/** An image with its result and its ground truth, both with the model's class numbers. */
export interface ScoredImage {
  /** Full path. */
  readonly file: string;
  /** Relative to the data set's images. */
  readonly name: string;
  /** How good the result is, 0 to 1: the F1 score, the mean IoU, or the score of the true class. */
  readonly score: number;
  readonly result: PredictResult;
  readonly truth: ImageTruth;
}

/** Keeps the images with the lowest scores, the worst one first; of equal ones the first. */
export class WorstImages {
  readonly list: ScoredImage[] = [];

  constructor(private readonly limit: number) {}

  add(image: ScoredImage): void {
    const place = this.list.findIndex(({ score }) => score > image.score);
    if (place < 0) this.list.push(image);
    else this.list.splice(place, 0, image);
    if (this.list.length > this.limit) this.list.pop();
  }
}
