import { checkInteger, checkOptions } from '../../validate';
import { Figure } from '../figure';
import { findingsOf, type Results, resultList } from './results';

export interface ScoresOptions {
  /** Bars from the lowest to the highest score, an integer ≥ 1; default 20. */
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
  const nbinsx = checkInteger('bins', options.bins ?? 20, 1);
  const scores = resultList(results)
    .flatMap(findingsOf)
    .flatMap(({ score }) => score ?? []);
  return new Figure([{ type: 'histogram', x: scores, nbinsx, name: 'findings', showlegend: false }], {
    title: { text: `Scores of ${scores.length} findings` },
    xaxis: { title: { text: 'score' } },
    yaxis: { title: { text: 'findings' } },
  });
}
