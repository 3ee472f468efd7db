import { PaddleLabError } from '../errors';
import type { RleMask } from '../results';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Masks lie over the whole image; one of another size would be drawn askew. */
export function checkMaskSize({ size: [height, width] }: RleMask, image: Size): void {
  if (width === image.width && height === image.height) return;
  const expected = `masks of ${image.width}×${image.height} pixels, the size of the image,`;
  throw new PaddleLabError('INVALID_ARGUMENT', `Expected ${expected} for result but received ${width}×${height}`);
}
