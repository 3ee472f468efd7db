import type { Rectangle } from '../drawing/geometry';
import type { Tensor } from '../inference/tensor';
import { loadBinding } from '../native/binding';
import { crop, resizeToSize } from '../preprocess/geometry';
import { runState } from '../preprocess/pipeline';
import { startState } from '../preprocess/state';
import type { ProbabilityMaps } from '../results';
import { outputInvalid } from './finite';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The probabilities of the classes in every pixel of the image, from maps `[1,C,H,W]`: logits are converted by softmax,
 * `content` (the part without padding) is cut out, and each map is resized bilinearly to the image's size, as in
 * PaddleSeg's own prediction.
 */
export async function probabilityMaps(output: Tensor, content: Rectangle, image: Size): Promise<ProbabilityMaps> {
  const { shape } = output;
  const [classes = 0, height = 0, width = 0] = shape.slice(1);
  const pixels = width * height;
  const maps = await asProbabilities(output, classes, pixels);
  const start = startState({ width, height, channels: 1 }, true);
  const cut = content.width < width || content.height < height ? crop(start, content) : start;
  const state = resizeToSize(cut, image.width, image.height, 1);
  const size = image.width * image.height;
  const all = new Float32Array(classes * size);
  for (let c = 0; c < classes; c++) {
    const map = { data: maps.subarray(c * pixels, (c + 1) * pixels), width, height, channels: 1 };
    await runState(map, state, all.subarray(c * size, (c + 1) * size));
  }
  return { width: image.width, height: image.height, classes, data: all };
}

/** Sums of probabilities differ from 1 by rounding, float16 included. */
const tolerance = 1e-2;

/** Exports with `output_op: softmax` already return probabilities; other values are treated as logits. */
async function asProbabilities(output: Tensor, classes: number, pixels: number): Promise<Float32Array> {
  const { data } = output;
  const maps = data instanceof Float32Array ? data : Float32Array.from(data as Float64Array);
  const target = new Float32Array(classes * pixels);
  const notNumbers = await loadBinding().toProbabilities({ maps, target, classes, tolerance });
  if (notNumbers > 0) throw outputInvalid(`${notNumbers} values of the maps are NaN`, [output]);
  return target;
}
