import { label, rectangle } from '../svg';
import type { BarTrace, Coordinate } from '../types';
import type { Mark } from './mark';

/** The share of a category's width taken by its bars. */
const filled = 0.8;

export const bar: Mark<BarTrace> = {
  extent: ({ x, y, width, orientation }) => {
    const around = (positions: readonly Coordinate[]): readonly Coordinate[] =>
      width === undefined
        ? positions
        : positions.flatMap((place) => [Number(place) - width / 2, Number(place) + width / 2]);
    return orientation === 'h' ? { x, y: around(y) } : { x: around(x), y };
  },
  fromZero: ({ orientation }) => (orientation === 'h' ? 'x' : 'y'),
  draw(trace, plot, color) {
    const flat = trace.orientation === 'h';
    const [along, across] = flat ? [plot.x, plot.y] : [plot.y, plot.x];
    const [values, positions] = flat ? [trace.x, trace.y] : [trace.y, trace.x];
    const group = plot.traces.filter((other) => other.type === 'bar');
    const own = trace.width === undefined ? undefined : trace.width * across.unit;
    const width = own ?? (across.unit * filled) / group.length;
    const shift = own === undefined ? (group.indexOf(trace) - (group.length - 1) / 2) * width : 0;
    const zero = along.place(0);
    const parts = positions.map((place, i) => {
      const fill = typeof trace.marker?.color === 'object' ? trace.marker.color[i] : trace.marker?.color;
      const middle = across.place(place) + shift;
      const end = along.place(values[i] ?? 0);
      const corners = flat
        ? ([zero, middle - width / 2, end, middle + width / 2] as const)
        : ([middle - width / 2, zero, middle + width / 2, end] as const);
      const written = trace.text?.[i] ?? '';
      const text = flat ? label(written, end + 4, middle + 4, 'start') : label(written, middle, end - 4, 'middle');
      return rectangle(...corners, fill ?? color) + (written === '' ? '' : text);
    });
    return parts.join('');
  },
};
