import { textAndHtmlTable } from '../../display/html-table';
import { abbreviate, describeStatistics, type Numbers } from './array-statistics';
import { isTensor } from './tensor';
import type { ValueDisplay } from './value-display';

interface NamedTensor {
  name?: string;
  dtype?: string;
  shape: readonly number[];
  data: Numbers;
}

/** The outputs of a predictor run: one row per tensor. */
export const tensorsDisplay: ValueDisplay = {
  matches: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => item !== null && typeof item === 'object' && isTensor(item)),
  show(value) {
    const rows = (value as NamedTensor[]).map(({ name = '', dtype, shape, data }) => [
      name,
      `${dtype ?? data.constructor.name}[${shape.join(', ')}]`,
      describeStatistics(data),
      abbreviate(data, 6),
    ]);
    return textAndHtmlTable(['tensor', 'type and shape', 'figures', 'values'], rows);
  },
};
