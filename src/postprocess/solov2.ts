import type { Tensor } from '../inference/tensor';
import { loadBinding } from '../native/binding';
import type { InstanceDetection } from '../results';
import type { PostprocessContext } from '../spec/spec';
import { thresholdOf, unsupported } from './boxes';
import { labelOf } from './labels';

/**
 * SOLOv2 returns masks of the whole image, class numbers and scores; boxes are the bounding boxes of the masks. The
 * scripts of PaddleDetection disagree on the order of the outputs, so they are identified by type and rank. Scores
 * equal to the threshold are kept (unlike boxes'), empty masks are not; in 1.x label 0 is the background, which the
 * class numbers exclude.
 */
export async function readSegments(
  outputs: readonly Tensor[],
  context: PostprocessContext,
): Promise<InstanceDetection[]> {
  const { spec, image } = context;
  const masks = outputs.find((output) => output.shape.length === 3);
  const scores = outputs.find((output) => output.dtype === 'float32' && output !== masks);
  const integers = outputs.filter((output) => output !== masks && output !== scores);
  const labels = labelsAmong(integers);
  if (masks === undefined || scores === undefined || labels === undefined) {
    throw unsupported('masks [N,H,W], classes and scores of SOLOv2', outputs);
  }
  const threshold = Math.fround(thresholdOf(context));
  const [count = 0, height = 0, width = 0] = masks.shape;
  const offset = spec.conventions.segmentClassOffset;
  const limit = Math.min(count, scores.data.length, labels.data.length);
  const rows = Array.from({ length: limit }, (_, row) => row).filter((row) => Number(scores.data[row]) >= threshold);
  const size = [image.height, image.width] as const;
  const encoded = await loadBinding().encodeMasks({
    masks: masks.data,
    indices: Uint32Array.from(rows),
    size: [height, width],
    image: size,
    visible: new Int32Array(0),
  });
  const found = rows.flatMap((row, i): InstanceDetection[] => {
    const { counts, box } = encoded[i] as (typeof encoded)[number];
    if (box[2] === 0) return [];
    const classId = Number(labels.data[row]) + offset;
    return [{ classId, label: labelOf(classId, spec), score: Number(scores.data[row]), box, mask: { size, counts } }];
  });
  return found.sort((a, b) => b.score - a.score);
}

/** The other one is their number: int32 in `.pdmodel` programs, int64 without a dimension in `.json` ones. */
function labelsAmong(integers: readonly Tensor[]): Tensor | undefined {
  const lists = integers.filter(({ shape }) => shape.length === 1);
  return lists.filter(({ dtype }) => dtype === 'int64').at(-1) ?? lists.at(-1);
}
