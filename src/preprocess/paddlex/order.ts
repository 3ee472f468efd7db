import type { PreprocessStep } from '../pipeline';
import { toPlanes } from '../planes';

const transpose: PreprocessStep = { type: 'ToCHWImage', parameters: {}, apply: toPlanes };

/**
 * PaddleX runs the steps of segmenters and classifiers in a fixed order, regardless of the configuration: the named
 * steps in the order of `names`, then the conversion to planes. If a name occurs several times, the last step is used.
 * Other steps run before the last named one.
 */
export function inFixedOrder(steps: readonly PreprocessStep[], names: readonly string[]): PreprocessStep[] {
  const named = new Map(steps.map((step) => [step.type, step]));
  const present = names.flatMap((name) => named.get(name) ?? []);
  const others = steps.filter(({ type }) => !names.includes(type) && type !== transpose.type);
  return [...present.slice(0, -1), ...others, ...present.slice(-1), transpose];
}
