import type { ImageInput } from '../image/image';
import { readImageSize } from '../image/image-size';
import type { ModelSpec } from '../spec/spec';

/** The places of the images in the order in which they are put into batches. */
export async function batchOrder(spec: ModelSpec, images: readonly ImageInput[], size: number): Promise<number[]> {
  const given = Array.from(images, (_, i) => i);
  if (spec.conventions.batchOrder === 'given' || size === 1 || images.length <= 1) return given;
  const ratios: number[] = [];
  for (const image of images) ratios.push(await ratioOf(image));
  return given.sort((a, b) => (ratios[a] as number) - (ratios[b] as number));
}

/** Width to height; images that can't be read come first, so that their error does. */
async function ratioOf(image: ImageInput): Promise<number> {
  const size = await readImageSize(image).catch(() => undefined);
  return size === undefined ? -1 : size.width / size.height;
}
