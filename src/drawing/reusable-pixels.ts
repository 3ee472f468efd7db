import type { RgbImage } from '../image/image';

const expendable = new WeakSet<Uint8Array>();

/** Allows the next picture of an image to be drawn in place, if nothing else reads its pixels. */
export function allowReuse(image: RgbImage): RgbImage {
  expendable.add(image.data);
  return image;
}

/** A buffer for a picture of an image: the image's own pixels if they may be reused, else a new uninitialised one. */
export function memoryFor({ width, height, data }: RgbImage): Uint8Array {
  return expendable.delete(data) ? data : new Uint8Array(Buffer.allocUnsafeSlow(width * height * 3).buffer);
}
