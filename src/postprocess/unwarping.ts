import type { Tensor } from '../inference/tensor';
import type { UnwarpingResult } from '../results';
import { unsupported } from './boxes';
import { outputInvalid } from './finite';

/** `DocTrPostProcess` of PaddleX on output 0, the unwarped image `[1, 3, height, width]` in BGR with values 0 to 1. */
export async function readUnwarped(
  outputs: readonly Tensor[],
): Promise<Pick<UnwarpingResult, 'threshold' | 'size' | 'unwarped'>> {
  const [output] = outputs;
  const [batch, channels, height = 0, width = 0, ...more] = output?.shape ?? [];
  if (
    !(output?.data instanceof Float32Array) ||
    batch !== 1 ||
    channels !== 3 ||
    height * width === 0 ||
    more.length > 0
  ) {
    throw unsupported('an image as float32 [1, 3, height, width] in the first output', outputs);
  }
  const plane = width * height;
  const data = new Uint8ClampedArray(3 * plane);
  let sum = 0;
  for (let i = 0; i < plane; i += 1) {
    const [blue, green, red] = [output.data[i], output.data[plane + i], output.data[2 * plane + i]] as [
      number,
      number,
      number,
    ];
    sum += blue + green + red;
    data[3 * i] = levelOf(red);
    data[3 * i + 1] = levelOf(green);
    data[3 * i + 2] = levelOf(blue);
  }
  if (!Number.isFinite(sum)) throw outputInvalid('pixels of the unwarped image are not finite', outputs);
  const unwarped = { width, height, data: new Uint8Array(data.buffer) };
  return { threshold: 0, size: { width, height }, unwarped };
}

/** Cut to whole levels, as in Python. */
function levelOf(value: number): number {
  return Math.trunc(Math.fround(Math.fround(value) * 255));
}
