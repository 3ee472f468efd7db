import type { RgbImage } from '../../image/image';
import type { PredictResult } from '../../results';
import type { PlannedImage } from '../plan';

/** An image with what was found in it. */
export interface ImageFile {
  readonly image: PlannedImage;
  /** Pictures may be drawn in place. */
  readonly pixels: RgbImage;
  readonly result: PredictResult;
  /** Least score of what is drawn. */
  readonly threshold: number | undefined;
}

/** Makes one file of each image. */
export interface ImageWriter {
  readonly name: string;
  /** Whether it reads the network's own outputs (`result.raw`). */
  readonly needsTensors: boolean;
  /** Path below the folder of results. */
  fileFor(image: PlannedImage): string;
  write(file: string, content: ImageFile): Promise<void>;
}

/** How pictures are drawn. */
export type InferStyle = 'paddlelab' | 'paddle';
