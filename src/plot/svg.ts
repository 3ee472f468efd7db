import { textPath, textWidth } from '../drawing/text';

/** A short decimal number, never in exponent form. */
export function px(value: number): string {
  return String(Number(value.toFixed(2)));
}

export const ink = [52, 58, 64] as const;
export const gridColor = '#e3e6ea';
export const fontSize = 12;

/** Attributes of a stroke. */
export interface Stroke {
  readonly color: string;
  readonly width?: number;
  readonly dash?: 'solid' | 'dash' | 'dot';
}

const dashes = { solid: '', dash: ' stroke-dasharray="7 4"', dot: ' stroke-dasharray="2 3"' } as const;

export function strokeOf({ color, width = 1, dash = 'solid' }: Stroke): string {
  return `stroke="${color}" stroke-width="${px(width)}"${dashes[dash]}`;
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke: Stroke): string {
  return `<path fill="none" ${strokeOf(stroke)} d="M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}"/>`;
}

/** A rectangle between two opposite corners, in any order. */
export function rectangle(x0: number, y0: number, x1: number, y1: number, fill: string, stroke?: Stroke): string {
  const [left, top] = [Math.min(x0, x1), Math.min(y0, y1)];
  const size = `width="${px(Math.abs(x1 - x0))}" height="${px(Math.abs(y1 - y0))}"`;
  const border = stroke === undefined ? '' : ` ${strokeOf(stroke)}`;
  return `<rect x="${px(left)}" y="${px(top)}" ${size} fill="${fill}"${border}/>`;
}

/** A line of text as outlines, positioned by its baseline. */
export function label(
  text: string,
  x: number,
  baseline: number,
  anchor: 'start' | 'middle' | 'end',
  size: number = fontSize,
): string {
  const shift = { start: 0, middle: 0.5, end: 1 }[anchor];
  return textPath(text, x - textWidth(text, size) * shift, baseline, size, ink);
}
