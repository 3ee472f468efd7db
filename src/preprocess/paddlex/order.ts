import type { PreprocessStep } from '../pipeline';
import { toPlanes } from '../planes';

const transpose: PreprocessStep = { type: 'ToCHWImage', parameters: {}, apply: toPlanes };

/**
 * PaddleX runs the steps of segmenters and classifiers in an order of its own, whatever the configuration's: those of
 * these names one after another, then planes. Of several with one name the last counts; others stay where they are,
 * before the last of these.
 */
export function inFixedOrder(steps: readonly PreprocessStep[], names: readonly string[]): PreprocessStep[] {
  const named = new Map(steps.map((step) => [step.type, step]));
  const present = names.flatMap((name) => named.get(name) ?? []);
  const others = steps.filter(({ type }) => !names.includes(type) && type !== transpose.type);
  return [...present.slice(0, -1), ...others, ...present.slice(-1), transpose];
}
