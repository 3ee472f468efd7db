import type { RgbImage } from '../image/image';

const expendable = new WeakSet<Uint8Array>();

/** Allows the next picture of an image to be drawn in place, where its pixels have no other reader. */
export function allowReuse(image: RgbImage): RgbImage {
  expendable.add(image.data);
  return image;
}

/** Memory for a picture of an image: its own pixels where they were given away, else as many of any value. */
export function memoryFor({ width, height, data }: RgbImage): Uint8Array {
  return expendable.delete(data) ? data : new Uint8Array(Buffer.allocUnsafeSlow(width * height * 3).buffer);
}
