import { Figure } from '../figure';
import { countTicks } from '../scale';
import { classesIn, findingsOf, type Results, resultList } from './results';

/**
 * A chart of how often each class was found, with the classes named below the bars.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 *
 * @example
 * import { plotClassCounts } from 'paddlelab';
 * plotClassCounts(result);
 */
export function plotClassCounts(results: Results): Figure {
  const list = resultList(results);
  const findings = list.flatMap(findingsOf);
  const classes = classesIn(findings);
  const counts = classes.map(({ classId }) => findings.filter((one) => one.classId === classId).length);
  const bars = {
    type: 'bar',
    x: classes.map(({ label }) => label),
    y: counts,
    text: counts.map(String),
  } as const;
  const empty = classes.length === 0 ? ': nothing was found' : '';
  return new Figure([{ ...bars, name: 'findings', showlegend: false }], {
    title: { text: `Classes in ${list.length} ${list.length === 1 ? 'image' : 'images'}${empty}` },
    xaxis: { type: 'category', visible: classes.length > 0 },
    yaxis: { visible: classes.length > 0, title: { text: 'findings' }, tickvals: countTicks(Math.max(0, ...counts)) },
  });
}
