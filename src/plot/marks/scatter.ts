import { label, line, px, strokeOf } from '../svg';
import type { ErrorBars, MarkerSymbol, ScatterTrace } from '../types';
import type { Mark, Plot } from './mark';

type Point = readonly [x: number, y: number];

export const scatter: Mark<ScatterTrace> = {
  extent: ({ x, y, error_x, error_y }) => ({ x: [...x, ...reach(x, error_x)], y: [...y, ...reach(y, error_y)] }),
  draw(trace, plot, color) {
    const { mode = 'lines+markers', marker, line: path } = trace;
    const points = trace.x.map((x, i): Point => [plot.x.place(x), plot.y.place(trace.y[i] ?? Number.NaN)]);
    const parts = [errorBars(trace, plot, color)];
    if (mode.includes('lines')) {
      const d = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');
      const fill = trace.fill === 'toself' ? `fill="${trace.fillcolor ?? color}" fill-opacity="0.25"` : 'fill="none"';
      const stroke = strokeOf({ color: path?.color ?? color, width: path?.width ?? 2, dash: path?.dash });
      parts.push(`<path ${fill} ${stroke} d="${d}${trace.fill === 'toself' ? 'Z' : ''}"/>`);
    }
    points.forEach((point, i) => {
      const symbol = typeof marker?.symbol === 'object' ? marker.symbol[i] : marker?.symbol;
      const own = typeof marker?.color === 'object' ? marker.color[i] : marker?.color;
      if (mode.includes('markers')) parts.push(symbolPath(symbol ?? 'circle', point, marker?.size ?? 8, own ?? color));
      if (mode.includes('text')) parts.push(pointLabel(trace, point, i));
    });
    return parts.join('');
  },
};

function reach(values: readonly unknown[], bars: ErrorBars | undefined): number[] {
  if (bars === undefined) return [];
  return values.flatMap((value, i) => {
    const [more, less] = lengths(bars, i);
    return [Number(value) + more, Number(value) - less];
  });
}

function lengths({ array, arrayminus }: ErrorBars, i: number): [number, number] {
  const more = array[i] ?? 0;
  return [more, arrayminus?.[i] ?? more];
}

function errorBars({ x, y, error_x, error_y }: ScatterTrace, plot: Plot, color: string): string {
  const parts = x.flatMap((value, i) => {
    const other = y[i] ?? Number.NaN;
    const bars: string[] = [];
    if (error_x !== undefined) {
      const [more, less] = lengths(error_x, i);
      const at = plot.y.place(other);
      bars.push(line(plot.x.place(Number(value) - less), at, plot.x.place(Number(value) + more), at, { color }));
    }
    if (error_y !== undefined) {
      const [more, less] = lengths(error_y, i);
      const at = plot.x.place(value);
      bars.push(line(at, plot.y.place(Number(other) - less), at, plot.y.place(Number(other) + more), { color }));
    }
    return bars;
  });
  return parts.join('');
}

function pointLabel({ text, textposition = 'top center', marker }: ScatterTrace, [x, y]: Point, i: number): string {
  const position = typeof textposition === 'string' ? textposition : (textposition[i] ?? 'top center');
  const written = text?.[i] ?? '';
  const away = (marker?.size ?? 8) / 2 + 4;
  switch (position) {
    case 'top center':
      return label(written, x, y - away, 'middle');
    case 'bottom center':
      return label(written, x, y + away + 9, 'middle');
    case 'middle right':
      return label(written, x + away, y + 4, 'start');
    case 'middle left':
      return label(written, x - away, y + 4, 'end');
  }
}

function symbolPath(symbol: MarkerSymbol, [x, y]: Point, size: number, color: string): string {
  const r = size / 2;
  if (symbol === 'circle') return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(r)}" fill="${color}"/>`;
  if (symbol === 'x') {
    const stroke = strokeOf({ color, width: Math.max(2, r / 2) });
    return `<path ${stroke} d="M${px(x - r)} ${px(y - r)}L${px(x + r)} ${px(y + r)}M${px(x - r)} ${px(y + r)}L${px(x + r)} ${px(y - r)}"/>`;
  }
  const corners = cornersOf(symbol, r).map(([dx, dy]) => `${px(x + dx)} ${px(y + dy)}`);
  return `<path fill="${color}" d="M${corners.join('L')}Z"/>`;
}

function cornersOf(symbol: 'square' | 'diamond' | 'star', r: number): Point[] {
  if (symbol === 'square')
    return [
      [-r, -r],
      [r, -r],
      [r, r],
      [-r, r],
    ];
  if (symbol === 'diamond')
    return [
      [0, -r * 1.3],
      [r * 1.3, 0],
      [0, r * 1.3],
      [-r * 1.3, 0],
    ];
  return Array.from({ length: 10 }, (_, i): Point => {
    const length = (i % 2 === 0 ? 1.4 : 0.55) * r;
    const angle = (i * Math.PI) / 5 - Math.PI / 2;
    return [length * Math.cos(angle), length * Math.sin(angle)];
  });
}
