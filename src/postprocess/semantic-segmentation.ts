import type { Rectangle } from '../drawing/geometry';
import type { TensorData } from '../inference/data-type';
import type { Tensor } from '../inference/tensor';
import { loadBinding } from '../native/binding';
import type { NativeSegments } from '../native/mask-types';
import type { Segment, SemanticSegmentationResult } from '../results';
import type { NetworkGeometry } from '../spec/network-geometry';
import type { PostprocessContext } from '../spec/spec';
import { unsupported } from './boxes';
import { outputInvalid } from './finite';
import { labelOf } from './labels';
import { probabilityMaps } from './probability-maps';

/**
 * Semantic segmentation of PaddleSeg. Output 0 has labels `[1,H,W]` of any type, or float maps `[1,C,H,W]` of which the
 * highest value is chosen (the first of equal ones, like `--with_argmax`). PaddleSeg's deploy script stops there, at
 * the network's size; here padding is removed and the labels are resized to the image's size by nearest neighbours.
 */
export async function readSegmentation(
  outputs: readonly Tensor[],
  { spec, image, network, probabilities }: PostprocessContext,
): Promise<Pick<SemanticSegmentationResult, 'threshold' | 'segments' | 'probabilities'>> {
  const [height, width] = sizeOf(outputs);
  const content = contentOf(network, { width, height });
  const total = image.width * image.height;
  const found = await encodeLabels(outputs, { height, width }, content, image);
  const segments = found.map(({ classId, area, counts }): Segment => {
    const mask = { size: [image.height, image.width] as const, counts };
    return { classId, label: labelOf(classId, spec), area, fraction: area / total, mask };
  });
  segments.sort((a, b) => b.area - a.area || a.classId - b.classId);
  if (!probabilities) return { threshold: 0, segments };
  return { threshold: 0, segments, probabilities: await probabilityMaps(mapsOf(outputs), content, image) };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The image's part of the output. The output may be smaller than the input by a fixed factor. */
function contentOf({ size, content, origin }: NetworkGeometry, answer: Size): Rectangle {
  const [y, x] = [answer.height / size[0], answer.width / size[1]];
  return {
    left: Math.round(origin[1] * x),
    top: Math.round(origin[0] * y),
    width: Math.max(1, Math.round(content[1] * x)),
    height: Math.max(1, Math.round(content[0] * y)),
  };
}

function sizeOf(outputs: readonly Tensor[]): [height: number, width: number] {
  const shape = outputs[0]?.shape ?? [];
  if ((shape.length !== 3 && shape.length !== 4) || shape[0] !== 1 || shape.includes(0)) {
    throw unsupported('labels [1,H,W] or maps [1,C,H,W] in the first output', outputs);
  }
  return shape.slice(-2) as [number, number];
}

function mapsOf(outputs: readonly Tensor[]): Tensor {
  const [maps] = outputs;
  if (maps !== undefined && maps.shape.length === 4 && (maps.shape[1] as number) > 1 && isFloat(maps)) return maps;
  throw unsupported(
    'maps of probabilities or logits as float32 [1,C,H,W], which exports with output_op softmax or none have,',
    outputs,
  );
}

function isFloat({ dtype }: Tensor): boolean {
  return dtype.startsWith('float') || dtype === 'bfloat16';
}

/** The classes of the image's part, each with its mask. */
async function encodeLabels(
  outputs: readonly Tensor[],
  { height, width }: Size,
  content: Rectangle,
  image: Size,
): Promise<NativeSegments['segments']> {
  const output = outputs[0] as Tensor;
  const several = output.shape.length === 4 && isFloat(output);
  const channels = several ? (output.shape[1] as number) : 1;
  const { data, size } = fromOrigin(output.data, channels, { width, height }, content);
  const { segments, notNumbers, notClasses } = await loadBinding().encodeLabels({
    labels: data,
    channels,
    size: [size.height, size.width],
    content: [Math.min(content.height, size.height), Math.min(content.width, size.width)],
    image: [image.height, image.width],
  });
  if (notNumbers > 0) throw outputInvalid(`${notNumbers} values of the maps are NaN`, outputs);
  if (notClasses > 0) throw outputInvalid(`${notClasses} labels are not class numbers from 0 to 65535`, outputs);
  return segments;
}

/** Maps with the image at the top left: these, or for a centred image a copy without the borders before it. */
function fromOrigin(
  data: TensorData,
  channels: number,
  size: Size,
  { left, top }: Rectangle,
): { readonly data: TensorData; readonly size: Size } {
  if (left === 0 && top === 0) return { data, size };
  const cut = { width: size.width - left, height: size.height - top };
  const copy = data.slice(0, channels * cut.width * cut.height);
  for (let row = 0; row < channels * cut.height; row++) {
    const from = (Math.floor(row / cut.height) * size.height + top + (row % cut.height)) * size.width + left;
    copy.set(data.subarray(from, from + cut.width) as never, row * cut.width);
  }
  return { data: copy, size: cut };
}
