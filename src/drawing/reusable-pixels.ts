import type { RgbImage } from '../image/image';

const expendable = new WeakSet<Uint8Array>();

/** Allows the next picture of an image to be drawn in place, if nothing else reads its pixels. */
export function allowReuse(image: RgbImage): RgbImage {
  expendable.add(image.data);
  return image;
}

/** Memory of disposed pictures: new memory is slow, because the system hands it out page by page. */
const free: Uint8Array[] = [];
const mostFree = 4;

/** Keeps the memory of a picture that nothing reads any more for the next one of the same size. */
export function recycle(data: Uint8Array): void {
  if (data.length === 0) return;
  free.push(data);
  if (free.length > mostFree) free.shift();
}

/** A buffer for a picture of an image: the image's own pixels if they may be reused, else that of a disposed one, or a new one. */
export function memoryFor({ width, height, data }: RgbImage): Uint8Array {
  if (expendable.delete(data)) return data;
  const index = free.findIndex((memory) => memory.length === width * height * 3);
  const [used] = index === -1 ? [] : free.splice(index, 1);
  return used ?? new Uint8Array(Buffer.allocUnsafeSlow(width * height * 3).buffer);
}
