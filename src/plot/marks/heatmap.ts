import { mix, type Rgb, readableOn, toHex } from '../../display/palette';
import { textPath, textWidth } from '../../drawing/text';
import { rectangle } from '../svg';
import type { Coordinate, HeatmapTrace } from '../types';
import type { Mark } from './mark';

/** From dark blue over green to yellow, with uniform steps of lightness. */
export const defaultColorscale: readonly (readonly [number, string])[] = [
  [0, '#2b1d5c'],
  [0.25, '#2f5d8c'],
  [0.5, '#2b9089'],
  [0.75, '#7cc45f'],
  [1, '#f8e34a'],
];

const textSize = 11;

export const heatmap: Mark<HeatmapTrace> = {
  tight: true,
  extent: ({ z, x, y }) => ({ x: edges(x, z[0]?.length ?? 0), y: edges(y, z.length) }),
  draw(trace, plot) {
    const scale = trace.colorscale ?? defaultColorscale;
    const all = trace.z.flat().filter(Number.isFinite);
    const low = trace.zmin ?? all.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    const high = trace.zmax ?? all.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const [halfX, halfY] = [plot.x.unit / 2, plot.y.unit / 2];
    const parts = trace.z.flatMap((row, i) =>
      row.map((value, j) => {
        if (!Number.isFinite(value)) return '';
        const [x, y] = [plot.x.place(trace.x?.[j] ?? j), plot.y.place(trace.y?.[i] ?? i)];
        const color = colorAt(scale, high > low ? (value - low) / (high - low) : 0);
        const cell = rectangle(x - halfX, y - halfY, x + halfX, y + halfY, toHex(color));
        const text = trace.texttemplate === undefined ? '' : (trace.text?.[i]?.[j] ?? '');
        return (
          cell +
          (text === '' ? '' : textPath(text, x - textWidth(text, textSize) / 2, y + 4, textSize, readableOn(color)))
        );
      }),
    );
    // Edges of cells are between pixels; antialiasing would draw a grid there.
    return `<g shape-rendering="crispEdges">${parts.join('')}</g>`;
  },
};

/** The edges of the outer cells, if the coordinates are numbers. */
function edges(given: readonly Coordinate[] | undefined, count: number): readonly Coordinate[] {
  const values = given ?? Array.from({ length: count }, (_, i) => i);
  if (values.length === 0 || values.some((value) => typeof value === 'string')) return values;
  return [Number(values[0]) - 0.5, Number(values.at(-1)) + 0.5];
}

/** The colour at a position of the scale, 0 to 1. */
export function colorAt(scale: readonly (readonly [number, string])[], share: number): Rgb {
  const bounded = Math.min(1, Math.max(0, share));
  const above = Math.max(
    1,
    scale.findIndex(([stop]) => stop >= bounded),
  );
  const [from, to] = [scale[above - 1], scale[above]];
  if (from === undefined || to === undefined) return [0, 0, 0];
  return mix(parseHex(from[1]), parseHex(to[1]), (bounded - from[0]) / (to[0] - from[0] || 1));
}

function parseHex(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
