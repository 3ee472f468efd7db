import type { RgbImage } from '../../image/image';
import type { PredictResult } from '../../results';
import type { PlannedImage } from '../plan';

/** An image with its result. */
export interface ImageFile {
  readonly image: PlannedImage;
  /** The pixels may be overwritten while drawing. */
  readonly pixels: RgbImage;
  readonly result: PredictResult;
  /** Minimum score of drawn objects. */
  readonly threshold: number | undefined;
}

/** Makes one file for each image. */
export interface ImageWriter {
  readonly name: string;
  /** Whether it uses the network's raw outputs (`result.raw`). */
  readonly needsTensors: boolean;
  /** The path relative to the folder of results. */
  fileFor(image: PlannedImage): string;
  write(file: string, content: ImageFile): Promise<void>;
}

/** How pictures are drawn. */
export type InferStyle = 'paddlelab' | 'paddle';
