import { encodeLabelMap } from '../image/label-map';
import type { Tensor } from '../inference/tensor';
import type { Segment } from '../results';
import { unsupported } from './boxes';
import { labelOf } from './labels';
import type { Postprocessor } from './postprocessor';
import { probabilityMaps } from './probability-maps';

/**
 * Semantic segmentation of PaddleSeg. Output 0 has labels `[1,H,W]` of any type, or float maps `[1,C,H,W]` of which the
 * highest counts (the first of equal ones, as `--with_argmax`). PaddleSeg's deploy script stops there, at the network's
 * size; here padding is cut off and the labels are brought to the image's size by nearest neighbours.
 */
export const semanticSegmentation: Postprocessor<'semantic-segmentation'> = {
  async read(outputs, { spec, image, network, probabilities }) {
    const [height, width] = sizeOf(outputs);
    const labels = readLabels(outputs[0] as Tensor, width * height);
    // Networks may answer at a fraction of their input's size.
    const content = {
      width: Math.max(1, Math.round((network.content[1] * width) / network.size[1])),
      height: Math.max(1, Math.round((network.content[0] * height) / network.size[0])),
    };
    const map = resizeNearest(labels, width, content, image);
    const total = image.width * image.height;
    const segments = encodeLabelMap({ ...image, data: map }).map(({ classId, area, mask }): Segment => {
      return { classId, label: labelOf(classId, spec), area, fraction: area / total, mask };
    });
    segments.sort((a, b) => b.area - a.area || a.classId - b.classId);
    if (!probabilities) return { threshold: 0, segments };
    return { threshold: 0, segments, probabilities: await probabilityMaps(mapsOf(outputs), content, image) };
  },
};

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

/** The class of each pixel of the network's answer. */
function readLabels(output: Tensor, pixels: number): Int32Array {
  const { shape, data } = output;
  const channels = shape.length === 4 ? (shape[1] as number) : 1;
  if (channels === 1 || !isFloat(output)) return Int32Array.from(data.subarray(0, pixels) as ArrayLike<number>, Number);
  const labels = new Int32Array(pixels);
  const best = Float32Array.from((data as Float32Array).subarray(0, pixels));
  for (let channel = 1; channel < channels; channel++) {
    const start = channel * pixels;
    for (let i = 0; i < pixels; i++) {
      const value = data[start + i] as number;
      if (value > (best[i] as number)) {
        best[i] = value;
        labels[i] = channel;
      }
    }
  }
  return labels;
}

/** OpenCV's nearest neighbours, of the top left part that is the image. */
function resizeNearest(
  labels: Int32Array,
  stride: number,
  content: { readonly width: number; readonly height: number },
  image: { readonly width: number; readonly height: number },
): Int32Array {
  const source = (i: number, from: number, to: number): number => Math.min(Math.floor(i / (to / from)), from - 1);
  const columns = Int32Array.from({ length: image.width }, (_, x) => source(x, content.width, image.width));
  const resized = new Int32Array(image.width * image.height);
  for (let y = 0; y < image.height; y++) {
    const start = source(y, content.height, image.height) * stride;
    const to = y * image.width;
    for (let x = 0; x < image.width; x++) resized[to + x] = labels[start + (columns[x] as number)] as number;
  }
  return resized;
}
