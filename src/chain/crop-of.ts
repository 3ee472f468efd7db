import type { Crop } from '../image/raw-pixels';
import { personCrop } from '../objects/person-crop';
import type { Box, Detection } from '../results';
import { invalidArgument } from '../validate';
import type { ChainCrop } from './options';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The part of the image that is passed on for an object; undefined if there is none. */
export function cropOf(object: Detection, image: Size, crop: ChainCrop): Crop | undefined {
  if (typeof crop === 'function') return checkedCrop(crop(object, image), image);
  if (crop === 'box') return within(object.box, image);
  if (crop === 'person') return personCrop(object.box, image);
  const [x1, y1, x2, y2] = object.box;
  const [across, down] = [crop.expand * (x2 - x1), crop.expand * (y2 - y1)];
  return within([x1 - across, y1 - down, x2 + across, y2 + down], image);
}

function within(box: Box, { width, height }: Size): Crop | undefined {
  const [x1, y1, x2, y2] = box.map(Math.trunc) as [number, number, number, number];
  const [left, top] = [Math.max(0, x1), Math.max(0, y1)];
  const size = { width: Math.min(width, x2) - left, height: Math.min(height, y2) - top };
  return size.width > 0 && size.height > 0 ? { left, top, ...size } : undefined;
}

function checkedCrop(crop: Crop | undefined, image: Size): Crop | undefined {
  if (crop === undefined) return undefined;
  const { left, top, width, height } = crop;
  const whole = [left, top, width, height].every(Number.isSafeInteger);
  const inside = left >= 0 && top >= 0 && left + width <= image.width && top + height <= image.height;
  if (whole && inside && width > 0 && height > 0) return crop;
  const size = `${image.width}×${image.height}`;
  throw invalidArgument(
    'crop',
    `function that gives a part of the image (${size}) in whole pixels`,
    JSON.stringify(crop),
  );
}
