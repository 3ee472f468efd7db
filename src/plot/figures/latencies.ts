import type { Timings } from '../../results';
import { Figure } from '../figure';
import { type Results, resultList } from './results';

const stages: readonly (readonly [keyof Timings, string])[] = [
  ['decodeMs', 'decode'],
  ['preprocessMs', 'preprocess'],
  ['inferenceMs', 'network'],
  ['postprocessMs', 'postprocess'],
];

/**
 * The times of predictions and their variation: quartiles of each stage in milliseconds.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 *
 * @example
 * import { plotLatencies } from 'paddlelab';
 * plotLatencies(await predict(model, Array.from({ length: 5 }, () => 'shapes.png')));
 */
export function plotLatencies(results: Results): Figure {
  const list = resultList(results);
  const boxes = stages.map(([key, name]) => {
    return { type: 'box', name, y: list.map(({ timings }) => timings[key]), showlegend: false } as const;
  });
  return new Figure(boxes, {
    title: { text: `Time of ${list.length} ${list.length === 1 ? 'prediction' : 'predictions'}` },
    yaxis: { title: { text: 'ms' }, range: [0, 1.07 * Math.max(1e-3, ...boxes.flatMap(({ y }) => y))] },
  });
}
