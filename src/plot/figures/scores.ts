import { checkInteger, checkOptions } from '../../validate';
import { Figure } from '../figure';
import { countTicks } from '../scale';
import { findingsOf, type Results, resultList } from './results';

export interface ScoresOptions {
  /** Bars from 0 to 1, an integer ≥ 1; default 20. */
  readonly bins?: number;
}

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
  checkOptions('plotScores', options, ['bins']);
  const bins = checkInteger('bins', options.bins ?? 20, 1);
  const scores = resultList(results)
    .flatMap(findingsOf)
    .flatMap(({ score }) => score ?? []);
  const xbins = { start: 0, end: 1, size: 1 / bins };
  const counts = new Map<number, number>();
  for (const score of scores) {
    const bin = Math.min(bins - 1, Math.floor(score * bins));
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  return new Figure([{ type: 'histogram', x: scores, xbins, name: 'findings', showlegend: false }], {
    title: { text: `Scores of ${scores.length} ${scores.length === 1 ? 'finding' : 'findings'}` },
    xaxis: { title: { text: 'score' }, range: [0, 1] },
    yaxis: { title: { text: 'findings' }, range: [0, 1.05 * Math.max(1, most)], tickvals: countTicks(most) },
  });
}
