import type { Tensor } from '../inference/tensor';
import { loadBinding } from '../native/binding';
import { rint } from '../preprocess/rounding';
import type { InstanceDetection, InstanceSegmentationResult } from '../results';
import type { PostprocessContext } from '../spec/spec';
import { readBoxes, thresholdOf, unsupported } from './boxes';
import { clipBoxes } from './paddlex-layout';
import { readSegments } from './solov2';

/** Instance segmentation of PaddleDetection: Mask R-CNN of 1.x and 2.x, SOLOv2. */
export async function readInstances(
  outputs: readonly Tensor[],
  context: PostprocessContext,
): Promise<Pick<InstanceSegmentationResult, 'threshold' | 'detections'>> {
  return { threshold: thresholdOf(context), detections: await readByMasks(outputs, context) };
}

async function readByMasks(outputs: readonly Tensor[], context: PostprocessContext): Promise<InstanceDetection[]> {
  switch (context.spec.conventions.masks) {
    case 'segments':
      return readSegments(outputs, context);
    case 'inside boxes':
      return readOldMasks(outputs, context);
    case 'whole image':
      return readMasks(outputs, context);
  }
}

/**
 * 2.x: output 2 has a 0/1 mask of the whole image for each row of boxes. The network computes the image's size from the
 * rounded resized one, so that masks may be a pixel smaller or larger.
 */
async function readMasks(outputs: readonly Tensor[], context: PostprocessContext): Promise<InstanceDetection[]> {
  const masks = outputs[2];
  const { width, height } = context.image;
  const [, maskHeight, maskWidth] = masks?.shape ?? [];
  if (masks?.dtype !== 'int32' || maskHeight === undefined || maskWidth === undefined) {
    throw unsupported('masks as int32 [N,height,width] in the third output', outputs);
  }
  const { clampsBoxes } = context.spec.conventions;
  const found = readBoxes(outputs, context);
  const rows = clampsBoxes ? clipBoxes(found, context.image) : found;
  const encoded = await loadBinding().encodeMasks({
    masks: masks.data,
    indices: Uint32Array.from(rows, ({ row }) => row),
    size: [maskHeight, maskWidth],
    image: [height, width],
    // PaddleX keeps only the part of a mask inside its box, rounded to whole pixels.
    visible: Int32Array.from(clampsBoxes ? rows.flatMap(({ detection }) => detection.box.map(rint)) : []),
  });
  return rows.map(({ detection }, i) => {
    return { ...detection, mask: { size: [height, width] as const, counts: encoded[i]?.counts as string } };
  });
}

/** 1.x: output 1 has the probabilities inside the box, for each row and class. */
async function readOldMasks(outputs: readonly Tensor[], context: PostprocessContext): Promise<InstanceDetection[]> {
  const rows = readBoxes(outputs, context);
  // If nothing was found, the boxes are a single −1, and there are no masks.
  if (rows.length === 0) return [];
  const masks = outputs[1];
  const [count = 0, classes = 0, side = 0, other] = masks?.shape ?? [];
  if (masks?.dtype !== 'float32' || other !== side || side < 1) {
    throw unsupported('masks as float32 [N,C,R,R] in the second output', outputs);
  }
  const indices = rows.map(({ row, detection: { classId } }) => {
    if (row >= count || classId >= classes) throw unsupported(`a mask of class ${classId} for row ${row}`, outputs);
    return row * classes + classId;
  });
  const { width, height } = context.image;
  const encoded = await loadBinding().pasteMasks({
    probabilities: masks.data as Float32Array,
    side,
    indices: Uint32Array.from(indices),
    boxes: Float32Array.from(rows.flatMap(({ detection }) => detection.box)),
    image: [height, width],
  });
  return rows.map(({ detection }, i) => {
    return { ...detection, mask: { size: [height, width] as const, counts: encoded[i] as string } };
  });
}
