import type { RgbImage } from './raw-pixels';

/** Degrees clockwise. */
export type QuarterTurns = 0 | 90 | 180 | 270;

type Size = Pick<RgbImage, 'width' | 'height'>;

/** Turns an image clockwise, pixel by pixel. */
export function turnImage(image: RgbImage, degrees: QuarterTurns): RgbImage {
  const { width, height, data } = image;
  if (degrees === 0) return image;
  const across = degrees === 180 ? width : height;
  const turned = new Uint8Array(data.length);
  // Where the first pixel goes, and how far on the next pixel and the next row go.
  const [start, next, row] = stepsOf(image, degrees);
  let from = 0;
  for (let y = 0; y < height; y += 1) {
    let to = 3 * (start + y * row);
    for (let x = 0; x < width; x += 1, from += 3, to += 3 * next) {
      turned[to] = data[from] as number;
      turned[to + 1] = data[from + 1] as number;
      turned[to + 2] = data[from + 2] as number;
    }
  }
  return { width: across, height: (width * height) / across, data: turned };
}

function stepsOf({ width, height }: Size, degrees: Exclude<QuarterTurns, 0>): readonly [number, number, number] {
  switch (degrees) {
    case 90:
      return [height - 1, height, -1];
    case 180:
      return [width * height - 1, -1, -width];
    case 270:
      return [(width - 1) * height, -height, 1];
  }
}

/**
 * Where a point of a turned image lies in the image before it was turned.
 *
 * @param size of the image before
 */
export function turnPointBack(
  [x, y]: readonly [number, number],
  degrees: QuarterTurns,
  { width, height }: Size,
): readonly [x: number, y: number] {
  switch (degrees) {
    case 0:
      return [x, y];
    case 90:
      return [y, Math.max(0, height - 1 - x)];
    case 180:
      return [Math.max(0, width - 1 - x), Math.max(0, height - 1 - y)];
    case 270:
      return [Math.max(0, width - 1 - y), x];
  }
}
