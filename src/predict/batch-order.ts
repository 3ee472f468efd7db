import type { ImageInput } from '../image/image';
import { readImageSize } from '../image/image-size';
import type { ImageSize, PreprocessStep } from '../spec/preprocess-step';
import type { ModelSpec } from '../spec/spec';

/** The indices of the images in the order in which they are put into batches. */
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

/** The specification for a batch of images: some preprocessing depends on all of them. */
export function specForBatch(spec: ModelSpec, images: readonly ImageSize[]): ModelSpec {
  if (images.length <= 1 || !spec.preprocess.some(dependsOnBatch)) return spec;
  const preprocess = spec.preprocess.map((step) => (dependsOnBatch(step) ? (step.forBatch?.(images) ?? step) : step));
  return { ...spec, preprocess };
}

function dependsOnBatch(step: PreprocessStep): step is Extract<PreprocessStep, { apply: unknown }> {
  return 'forBatch' in step && step.forBatch !== undefined;
}
