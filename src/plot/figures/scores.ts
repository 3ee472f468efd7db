import { integer, type OptionChecks, readOptions } from '../../options';
import { Figure } from '../figure';
import { countTicks } from '../scale';
import { findingsOf, type Results, resultList } from './results';

export interface ScoresOptions {
  /** Bars from 0 to 1, an integer ≥ 1; default 20. */
  readonly bins?: number;
}

const checks = {
  bins: integer(1),
} satisfies OptionChecks<ScoresOptions>;

/** Part of a bar by which a score may lie below the edge that it stands on: 0.7 in float32 is a little less. */
const rounding = 1e-5;

/**
 * How many findings have which score: a gap in it is a good place for a threshold.
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
  // Counted here, so that the page and the picture have the same bars: with Plotly's own bins a score of 1 is in none.
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
