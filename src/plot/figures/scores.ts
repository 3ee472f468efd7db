import { integer, type OptionChecks, readOptions } from '../../options';
import { Figure } from '../figure';
import { countTicks } from '../scale';
import { findingsOf, type Results, resultList } from './results';

/** Options of `plotScores`. */
export interface ScoresOptions {
  /** Number of bars from 0 to 1, an integer ≥ 1; default 20. */
  readonly bins?: number;
}

const checks = {
  bins: integer(1),
} satisfies OptionChecks<ScoresOptions>;

/** Tolerance, as a fraction of a bar, for scores just below an edge: 0.7 in float32 is slightly less than 0.7. */
const rounding = 1e-5;

/**
 * A histogram of the scores: a gap in it is a good threshold.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { plotScores } from 'paddlelab';
 * plotScores(await predict(model, 'shapes.png', { threshold: 0 }));
 */
export function plotScores(results: Results, options: ScoresOptions = {}): Figure {
  const { bins = 20 } = readOptions('plotScores', options, checks);
  const scores = resultList(results)
    .flatMap(findingsOf)
    .flatMap(({ score }) => score ?? []);
  // Counted here, so that the page and the picture have the same bars: Plotly's own bins would omit a score of 1.
  const counts = new Array<number>(bins).fill(0);
  for (const score of scores) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(score * bins + rounding)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const most = Math.max(0, ...counts);
  const bars = {
    type: 'bar',
    x: counts.map((_, bin) => (bin + 0.5) / bins),
    y: counts,
    width: 0.94 / bins,
    hovertemplate: 'score about %{x:.3f}: %{y}<extra></extra>',
  } as const;
  return new Figure([{ ...bars, name: 'findings', showlegend: false }], {
    title: { text: `Scores of ${scores.length} ${scores.length === 1 ? 'finding' : 'findings'}` },
    xaxis: { title: { text: 'score' }, range: [0, 1] },
    yaxis: { title: { text: 'findings' }, range: [0, 1.05 * Math.max(1, most)], tickvals: countTicks(most) },
  });
}
