import type { Tensor } from '../inference/tensor';
import { crop, resizeToSize } from '../preprocess/geometry';
import { runState } from '../preprocess/pipeline';
import { startState } from '../preprocess/state';
import type { ProbabilityMaps } from '../results';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The probabilities of the classes in every pixel of the image, of maps `[1,C,H,W]`: logits become probabilities by
 * softmax, `content` (the part that is no padding) is cut out, and each map is brought to the image's size bilinearly,
 * as PaddleSeg's own prediction does with its maps.
 */
export async function probabilityMaps({ shape, data }: Tensor, content: Size, image: Size): Promise<ProbabilityMaps> {
  const [classes = 0, height = 0, width = 0] = shape.slice(1);
  const pixels = width * height;
  const maps = asProbabilities(data as Float32Array, classes, pixels);
  const start = startState({ width, height, channels: 1 }, true);
  const cut = content.width < width || content.height < height ? crop(start, { left: 0, top: 0, ...content }) : start;
  const state = resizeToSize(cut, image.width, image.height, 1);
  const size = image.width * image.height;
  const all = new Float32Array(classes * size);
  for (let c = 0; c < classes; c++) {
    const map = { data: maps.subarray(c * pixels, (c + 1) * pixels), width, height, channels: 1 };
    await runState(map, state, all.subarray(c * size, (c + 1) * size));
  }
  return { width: image.width, height: image.height, classes, data: all };
}

/** Sums of probabilities differ from 1 by their rounding, float16 included. */
const tolerance = 1e-2;

/** Exports with `output_op: softmax` answer probabilities already; what does not look like that is logits. */
function asProbabilities(data: Float32Array, classes: number, pixels: number): Float32Array {
  const maps = Float32Array.from(data.subarray(0, classes * pixels));
  const sums = new Float32Array(pixels);
  let within = true;
  for (let c = 0; c < classes; c++) {
    for (let i = 0; i < pixels; i++) {
      const value = maps[c * pixels + i] as number;
      if (value < 0) within = false;
      sums[i]! += value;
    }
  }
  if (within && sums.every((sum) => Math.abs(sum - 1) <= tolerance)) return maps;
  return softmax(maps, classes, pixels);
}

function softmax(maps: Float32Array, classes: number, pixels: number): Float32Array {
  for (let i = 0; i < pixels; i++) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) highest = Math.max(highest, maps[c * pixels + i] as number);
    let sum = 0;
    for (let c = 0; c < classes; c++)
      sum += maps[c * pixels + i] = Math.exp((maps[c * pixels + i] as number) - highest);
    for (let c = 0; c < classes; c++) maps[c * pixels + i]! /= sum;
  }
  return maps;
}
