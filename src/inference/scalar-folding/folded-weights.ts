import type { Fold } from './folding-plan';
import type { ScalarChain } from './scalar-chains';

/** The values of parameters, by name. */
export interface Weights {
  get(name: string): Promise<Float32Array>;
}

/** `scale · x + offset`. */
export interface Affine {
  readonly scale: number;
  readonly offset: number;
}

/** What a chain computes. */
export async function affineOf({ steps }: ScalarChain, weights: Weights): Promise<Affine> {
  let [scale, offset] = [1, 0];
  for (const { multiplies, scalar } of steps) {
    const [value = Number.NaN] = await weights.get(scalar);
    if (multiplies) [scale, offset] = [scale * value, offset * value];
    else offset += value;
  }
  return { scale, offset };
}

/** Changes the weights of the convolution that a chain is folded into. */
export async function foldWeights(fold: Exclude<Fold, { into: 'scale' }>, weights: Weights): Promise<void> {
  const { scale, offset } = await affineOf(fold.chain, weights);
  const { convolution, into } = fold;
  const filter = await weights.get(convolution.filter);
  const bias = convolution.bias === undefined ? undefined : await weights.get(convolution.bias);
  if (bias !== undefined) {
    const each = filter.length / bias.length;
    for (const [channel, value] of bias.entries()) {
      if (into === 'before') bias[channel] = value * scale + offset;
      // The offset passes through all weights of the channel.
      else bias[channel] = value + offset * sum(filter.subarray(channel * each, (channel + 1) * each));
    }
  }
  for (const [i, value] of filter.entries()) filter[i] = value * scale;
}

function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
