import { encodeRle } from '../image/rle';
import type { Tensor } from '../inference/tensor';
import type { Box, InstanceDetection } from '../results';
import { thresholdOf, unsupported } from './boxes';
import { labelOf } from './labels';
import type { PostprocessContext } from './postprocessor';

/**
 * SOLOv2 answers masks of the whole image, class numbers and scores; boxes are those around the masks. The scripts of
 * PaddleDetection disagree on the order of the outputs, so they are told apart by type and rank. Scores equal to the
 * threshold are kept (unlike boxes'), empty masks are not; in 1.x label 0 is the background, which the numbers leave out.
 */
export function readSegments(outputs: readonly Tensor[], context: PostprocessContext): InstanceDetection[] {
  const { spec, image } = context;
  const masks = outputs.find((output) => output.shape.length === 3);
  const scores = outputs.find((output) => output.dtype === 'float32' && output !== masks);
  const integers = outputs.filter((output) => output !== masks && output !== scores);
  const labels = labelsAmong(integers);
  if (masks === undefined || scores === undefined || labels === undefined || masks.data instanceof BigInt64Array) {
    throw unsupported('masks [N,H,W], classes and scores of SOLOv2', outputs);
  }
  const threshold = Math.fround(thresholdOf(context));
  const [count = 0, height = 0, width = 0] = masks.shape;
  const offset = spec.family === 'PaddleDetection 1.x' ? 1 : 0;
  const found: InstanceDetection[] = [];
  for (let row = 0; row < Math.min(count, scores.data.length, labels.data.length); row++) {
    const score = Number(scores.data[row]);
    if (!(score >= threshold)) continue;
    const pixels = masks.data.subarray(row * width * height, (row + 1) * width * height);
    const data = fitTo(pixels, width, height, image);
    const box = boxAround(data, image.width);
    if (box === undefined) continue;
    const classId = Number(labels.data[row]) + offset;
    found.push({ classId, label: labelOf(classId, spec), score, box, mask: encodeRle({ ...image, data }) });
  }
  return found.sort((a, b) => b.score - a.score);
}

/** The other one is how many there are: int32 in `.pdmodel` programs, int64 without a dimension in `.json` ones. */
function labelsAmong(integers: readonly Tensor[]): Tensor | undefined {
  const lists = integers.filter(({ shape }) => shape.length === 1);
  return lists.filter(({ dtype }) => dtype === 'int64').at(-1) ?? lists.at(-1);
}

/** The mask as 0 and 1 at the image's size: what is beyond is cut off, what is missing is 0. */
function fitTo(
  pixels: ArrayLike<number>,
  width: number,
  height: number,
  image: { readonly width: number; readonly height: number },
): Uint8Array {
  const data = new Uint8Array(image.width * image.height);
  for (let y = 0; y < Math.min(height, image.height); y++) {
    for (let x = 0; x < Math.min(width, image.width); x++) {
      if ((pixels[y * width + x] as number) > 0) data[y * image.width + x] = 1;
    }
  }
  return data;
}

/** The box around all set pixels, its far corner beyond the last one, as COCO's; undefined where none is set. */
function boxAround(data: Uint8Array, width: number): Box | undefined {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1];
  for (let index = data.indexOf(1); index !== -1; index = data.indexOf(1, index + 1)) {
    const x = index % width;
    const y = (index - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = y;
  }
  return right < 0 ? undefined : [left, top, right + 1, bottom + 1];
}
