import { classColor, toHex } from '../display/palette';
import { textWidth } from '../drawing/text';
import { loadSharp } from '../image/load-sharp';
import type { Plot } from './marks/mark';
import { markOf } from './marks/marks';
import { makeScale, type Scale } from './scale';
import { fontSize, gridColor, label, line, px, rectangle } from './svg';
import type { Axis, Coordinate, Layout, LayoutImage, LayoutShape, Trace } from './types';

export const defaultWidth = 720;
export const defaultHeight = 420;

interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const titleSize = 15;

/** The default colour of the trace at this index. */
export function traceColor(index: number): string {
  return toHex(classColor(index));
}

/**
 * A chart as PNG, for viewers that run no scripts: the same traces and axes as in Plotly, as a static picture.
 *
 * @param scale pixels of the picture per pixel of the layout; 2 by default, for high-resolution screens
 */
export async function renderPng(data: readonly Trace[], layout: Layout, scale = 2): Promise<Buffer> {
  const svg = Buffer.from(renderSvg(data, layout));
  return await loadSharp()(svg, { density: 72 * scale, unlimited: true, limitInputPixels: false })
    .png({ palette: (layout.images ?? []).length === 0, compressionLevel: 9 })
    .toBuffer();
}

/** The same as SVG; texts are outlines, so that no fonts are needed. */
export function renderSvg(data: readonly Trace[], layout: Layout): string {
  const [width, height] = [layout.width ?? defaultWidth, layout.height ?? defaultHeight];
  const margins = marginsFor(data, layout, width, height);
  const [right, bottom] = [width - margins.right, height - margins.bottom];
  const [x, y] = axes(data, layout, margins, right, bottom);
  const plot: Plot = { x, y, layout, traces: data };
  const clip = rectangle(margins.left, margins.top, right, bottom, '#000');
  const draw = (clipped: boolean): string =>
    data
      .map((trace, i) => (isClipped(trace) === clipped ? markOf(trace).draw(trace, plot, traceColor(i), i) : ''))
      .join('');
  const parts = [
    `<defs><clipPath id="plot">${clip}</clipPath></defs>`,
    rectangle(0, 0, width, height, '#ffffff'),
    frame(plot, margins, right, bottom),
    `<g clip-path="url(#plot)">${(layout.images ?? []).map((image) => picture(image, plot)).join('')}${draw(true)}`,
    `${(layout.shapes ?? []).map((shape) => shapeSvg(shape, plot)).join('')}</g>`,
    draw(false),
    titles(layout, margins, right, bottom, height),
    hasLegend(data, layout) ? legend(data, right + 14, margins.top) : '',
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${parts.join('')}</svg>`;
}

/** Whether parts beyond the ends of the axes are cut off. */
function isClipped(trace: Trace): boolean {
  return trace.type !== 'scatter' || trace.cliponaxis !== false;
}

function axes(data: readonly Trace[], layout: Layout, margins: Margins, right: number, bottom: number): [Scale, Scale] {
  const [width, height] = [right - margins.left, bottom - margins.top];
  const x = makeScale(layout.xaxis ?? {}, extentOf(data, layout, 'x'), margins.left, right, width / 90);
  const y = makeScale(layout.yaxis ?? {}, extentOf(data, layout, 'y'), bottom, margins.top, height / 55);
  const anchored = layout.xaxis?.scaleanchor !== undefined || layout.yaxis?.scaleanchor !== undefined;
  if (!anchored) return [x, y];
  // The axis with excess room is made shorter, around its middle.
  const unit = Math.min(x.unit, y.unit);
  const spareX = (width * (1 - unit / x.unit)) / 2;
  const spareY = (height * (1 - unit / y.unit)) / 2;
  return [
    makeScale(
      { ...layout.xaxis, range: x.range, autorange: undefined },
      extentOf(data, layout, 'x'),
      margins.left + spareX,
      right - spareX,
      width / 90,
    ),
    makeScale(
      { ...layout.yaxis, range: y.range },
      extentOf(data, layout, 'y'),
      bottom - spareY,
      margins.top + spareY,
      height / 55,
    ),
  ];
}

export function extentOf(data: readonly Trace[], layout: Layout, side: 'x' | 'y'): Parameters<typeof makeScale>[1] {
  const values: Coordinate[] = data.flatMap((trace, i) => [...markOf(trace).extent(trace, i)[side]]);
  const images = layout.images ?? [];
  for (const { x, y, sizex, sizey } of images) values.push(...(side === 'x' ? [x, x + sizex] : [y, y + sizey]));
  const fromZero = data.some((trace) => markOf(trace).fromZero?.(trace) === side);
  return { values, fromZero, tight: images.length > 0 || data.some((trace) => markOf(trace).tight === true) };
}

function marginsFor(data: readonly Trace[], layout: Layout, width: number, height: number): Margins {
  const legendWidth = hasLegend(data, layout)
    ? 34 + Math.max(...data.map(({ name }) => textWidth(name ?? '', fontSize)))
    : 0;
  const top = layout.title === undefined ? 16 : 44;
  const bottom =
    layout.xaxis?.visible === false
      ? 12
      : (layout.xaxis?.title === undefined ? 34 : 54) + turnedHeight(data, layout, width);
  const right = 16 + legendWidth;
  const hidden = layout.yaxis?.visible === false;
  const trial = makeScale(layout.yaxis ?? {}, extentOf(data, layout, 'y'), height - bottom, top, 6);
  const ticks = hidden ? 0 : Math.max(0, ...trial.ticks.map(({ text }) => textWidth(text, fontSize)));
  const left = 16 + Math.min(ticks, width / 3) + (layout.yaxis?.title === undefined ? 0 : 22);
  return { left, right, top, bottom };
}

/** Additional height of rotated tick labels of the x axis, compared with one line of text. */
function turnedHeight(data: readonly Trace[], layout: Layout, width: number): number {
  const { tickangle = 0 } = layout.xaxis ?? {};
  if (tickangle === 0) return 0;
  const { ticks } = makeScale(layout.xaxis ?? {}, extentOf(data, layout, 'x'), 0, width, width / 90);
  const longest = Math.max(0, ...ticks.map(({ text }) => textWidth(text, fontSize)));
  return Math.max(0, longest * Math.sin((-tickangle * Math.PI) / 180) - fontSize);
}

function hasLegend(data: readonly Trace[], layout: Layout): boolean {
  const listed = data.filter(({ name, showlegend }) => name !== undefined && showlegend !== false);
  return layout.showlegend ?? listed.length > 1;
}

/** Grid, ticks and tick labels. */
function frame({ x, y, layout }: Plot, margins: Margins, right: number, bottom: number): string {
  const parts: string[] = [];
  const shows = (axis: Axis | undefined): boolean => axis?.visible !== false;
  const grid = (axis: Axis | undefined, scale: Scale): boolean => axis?.showgrid ?? scale.kind !== 'category';
  let free = Number.NEGATIVE_INFINITY;
  for (const { at, text } of shows(layout.xaxis) ? x.ticks : []) {
    if (grid(layout.xaxis, x)) parts.push(line(at, margins.top, at, bottom, { color: gridColor }));
    const angle = layout.xaxis?.tickangle ?? 0;
    if (angle !== 0) {
      const turned = `translate(${px(at + 4)} ${px(bottom + 10)}) rotate(${angle})`;
      parts.push(`<g transform="${turned}">${label(text, 0, 0, 'end')}</g>`);
      continue;
    }
    const half = textWidth(text, fontSize) / 2;
    if (at - half < free) continue;
    free = at + half + 6;
    parts.push(label(text, at, bottom + 18, 'middle'));
  }
  for (const { at, text } of shows(layout.yaxis) ? y.ticks : []) {
    if (grid(layout.yaxis, y)) parts.push(line(margins.left, at, right, at, { color: gridColor }));
    parts.push(label(text, margins.left - 7, at + 4, 'end'));
  }
  if (shows(layout.xaxis)) parts.push(line(margins.left, bottom, right, bottom, { color: '#8a929a' }));
  if (shows(layout.yaxis)) parts.push(line(margins.left, margins.top, margins.left, bottom, { color: '#8a929a' }));
  return parts.join('');
}

function titles(
  { title, xaxis, yaxis }: Layout,
  margins: Margins,
  right: number,
  bottom: number,
  height: number,
): string {
  const parts: string[] = [];
  if (title !== undefined) parts.push(label(title.text, 16, 26, 'start', titleSize));
  if (xaxis?.title !== undefined && xaxis.visible !== false) {
    parts.push(label(xaxis.title.text, (margins.left + right) / 2, height - 12, 'middle'));
  }
  if (yaxis?.title !== undefined && yaxis.visible !== false) {
    const turned = `rotate(-90) translate(${px(-(margins.top + bottom) / 2)} 18)`;
    parts.push(`<g transform="${turned}">${label(yaxis.title.text, 0, 0, 'middle')}</g>`);
  }
  return parts.join('');
}

function legend(data: readonly Trace[], left: number, top: number): string {
  const rows = data.map((trace, i) => ({ trace, color: ownColor(trace) ?? traceColor(i) }));
  return rows
    .filter(({ trace }) => trace.name !== undefined && trace.showlegend !== false)
    .map(({ trace, color }, i) => {
      const y = top + 8 + i * 19;
      return rectangle(left, y - 5, left + 10, y + 5, color) + label(trace.name ?? '', left + 16, y + 4, 'start');
    })
    .join('');
}

function ownColor(trace: Trace): string | undefined {
  if (trace.type === 'heatmap') return undefined;
  const line = trace.type === 'scatter' ? trace.line?.color : undefined;
  return typeof trace.marker?.color === 'string' ? trace.marker.color : line;
}

function picture({ source, x, y, sizex, sizey }: LayoutImage, plot: Plot): string {
  const [left, top] = [plot.x.place(x), plot.y.place(y)];
  const size = `width="${px(plot.x.place(x + sizex) - left)}" height="${px(Math.abs(plot.y.place(y + sizey) - top))}"`;
  return `<image x="${px(left)}" y="${px(top)}" ${size} preserveAspectRatio="none" href="${source}"/>`;
}

function shapeSvg({ type, x0, y0, x1, y1, line: stroke, fillcolor }: LayoutShape, { x, y }: Plot): string {
  const corners = [x.place(x0), y.place(y0), x.place(x1), y.place(y1)] as const;
  const look = { color: stroke?.color ?? '#343a40', width: stroke?.width ?? 2, dash: stroke?.dash };
  return type === 'line' ? line(...corners, look) : rectangle(...corners, fillcolor ?? 'none', look);
}
