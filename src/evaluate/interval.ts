import { pauses } from '../metrics/pause';
import { seededRandom } from '../metrics/statistics';
import type { TaskEvaluator } from '../metrics/task-evaluator';
import type { PredictResult } from '../results';

/** A figure's confidence interval, in the figure's unit. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The confidence level of the intervals. */
export const confidence = 0.95;

const rounds = 200;
/** The same images give the same interval. */
const seed = 1;

/**
 * The intervals of the main figure of several evaluators that saw the same images, by bootstrap: the images are drawn
 * again with replacement, 200 times, and the middle 95 % of the figures are the interval. The second and later
 * intervals are those of the difference to the first evaluator on the same draws: much narrower than those of the
 * figures, because all see the same easy and hard images.
 *
 * @param images how many images each evaluator saw
 */
export async function bootstrap(
  evaluators: readonly TaskEvaluator<PredictResult>[],
  images: number,
): Promise<readonly (Interval | undefined)[]> {
  const random = seededRandom(seed);
  const weights = new Uint16Array(images);
  const values: number[][] = evaluators.map(() => []);
  const pause = pauses();
  for (let round = 0; round < rounds; round++) {
    weights.fill(0);
    for (let i = 0; i < images; i++) {
      const drawn = Math.floor(random() * images);
      weights[drawn] = (weights[drawn] as number) + 1;
    }
    let base: number | undefined;
    for (const [index, evaluator] of evaluators.entries()) {
      const figure = evaluator.mainFigure(weights);
      if (index === 0) base = figure;
      // A draw without any true object has no figure.
      if (figure === undefined || base === undefined) continue;
      values[index]?.push(index === 0 ? figure : figure - base);
      await pause();
    }
  }
  return values.map((list) => middle(list.sort((a, b) => a - b)));
}

function middle(sorted: readonly number[]): Interval | undefined {
  if (sorted.length < 2) return undefined;
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)] as number;
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) };
}
