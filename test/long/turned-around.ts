import type { RgbImage } from '../../src';

/** An image turned by 180°. */
export function turnedAround({ width, height, data }: RgbImage): RgbImage {
  const turned = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) turned[data.length - 3 - i + 2 * (i % 3)] = data[i] as number;
  return { width, height, data: turned };
}
