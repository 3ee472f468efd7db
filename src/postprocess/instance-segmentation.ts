import { decodeRle, encodeRle } from '../image/rle';
import type { Tensor } from '../inference/tensor';
import { loadBinding } from '../native/binding';
import { rint } from '../preprocess/rounding';
import type { Box, InstanceDetection, RleMask } from '../results';
import { readBoxes, thresholdOf, unsupported } from './boxes';
import { clipBoxes } from './paddlex-layout';
import { pasteMask } from './paste-mask';
import type { PostprocessContext, Postprocessor } from './postprocessor';
import { readSegments } from './solov2';

/** Instance segmentation of PaddleDetection: Mask R-CNN of 1.x and 2.x, SOLOv2. */
export const instanceSegmentation: Postprocessor<'instance-segmentation'> = {
  async read(outputs, context) {
    const threshold = thresholdOf(context);
    return { threshold, detections: await readInstances(outputs, context) };
  },
};

async function readInstances(outputs: readonly Tensor[], context: PostprocessContext): Promise<InstanceDetection[]> {
  if (context.spec.arch.includes('SOLOv2')) return readSegments(outputs, context);
  if (context.spec.family === 'PaddleDetection 1.x') return readOldMasks(outputs, context);
  return readMasks(outputs, context);
}

/**
 * 2.x: output 2 has a 0/1 mask of the whole image for each row of boxes. The network works the image's size out of the
 * rounded resized one, so that masks may be a pixel smaller or larger.
 */
async function readMasks(outputs: readonly Tensor[], context: PostprocessContext): Promise<InstanceDetection[]> {
  const masks = outputs[2];
  const { width, height } = context.image;
  const [, maskHeight, maskWidth] = masks?.shape ?? [];
  if (masks?.dtype !== 'int32' || maskHeight === undefined || maskWidth === undefined) {
    throw unsupported('masks as int32 [N,height,width] in the third output', outputs);
  }
  const paddlex = context.spec.family === 'PaddleX';
  const found = readBoxes(outputs, context);
  const rows = paddlex ? clipBoxes(found, context.image) : found;
  const indices = rows.map((row) => row.row);
  const encoded = await loadBinding().encodeMasks(
    masks.data as Int32Array,
    indices,
    [maskHeight, maskWidth],
    [height, width],
  );
  return rows.map(({ detection }, i) => {
    const mask = { size: [height, width] as const, counts: encoded[i] as string };
    return { ...detection, mask: paddlex ? cropMask(mask, detection.box) : mask };
  });
}

/** PaddleX keeps of a mask what lies in its box, rounded to whole pixels. */
function cropMask(mask: RleMask, [x1, y1, x2, y2]: Box): RleMask {
  const { width, height, data } = decodeRle(mask);
  const [left, right] = [rint(x1), rint(x2)];
  for (let y = 0; y < height; y++) {
    if (y < rint(y1) || y >= rint(y2)) data.fill(0, y * width, (y + 1) * width);
    data.fill(0, y * width, y * width + left).fill(0, y * width + right, (y + 1) * width);
  }
  return encodeRle({ width, height, data });
}

/** 1.x: output 1 has for each row and class the probabilities inside the box. */
function readOldMasks(outputs: readonly Tensor[], context: PostprocessContext): InstanceDetection[] {
  const rows = readBoxes(outputs, context);
  // "Nothing" is a single −1, and then there are no masks either.
  if (rows.length === 0) return [];
  const masks = outputs[1];
  const [count = 0, classes = 0, side = 0, other] = masks?.shape ?? [];
  if (masks?.dtype !== 'float32' || other !== side || side < 1) {
    throw unsupported('masks as float32 [N,C,R,R] in the second output', outputs);
  }
  return rows.map(({ row, detection }) => {
    if (row >= count || detection.classId >= classes) {
      throw unsupported(`a mask of class ${detection.classId} for row ${row}`, outputs);
    }
    const start = (row * classes + detection.classId) * side * side;
    const probabilities = (masks.data as Float32Array).subarray(start, start + side * side);
    return { ...detection, mask: pasteMask(probabilities, side, detection.box, context.image) };
  });
}
