import type { GraphicsProtocol } from './graphics-protocol';
import { readPixels, type TerminalPixels } from './pixels';

/** Approximate width of a character in pixels. */
const CHARACTER_WIDTH = 8;
/** Rows of pixels in one band. */
const BAND = 6;
/** Levels of each channel: a cube of 216 colours. */
const LEVELS = 6;
const FIRST_SIXEL = 63;

/** DEC's sixels, supported by xterm -ti vt340, foot, mlterm and others. */
export const sixel: GraphicsProtocol = {
  name: 'sixel',
  isUnderstood: ({ TERM = '' }) => /sixel|mlterm|^foot|vt340|contour/.test(TERM),
  async encode(png, columns) {
    const pixels = await readPixels(png, columns * CHARACTER_WIDTH);
    const bands: string[] = [];
    for (let top = 0; top < pixels.height; top += BAND) bands.push(encodeBand(pixels, top));
    return `\x1bPq"1;1;${pixels.width};${pixels.height}${palette()}${bands.join('-')}\x1b\\\n`;
  },
};

/** Colours are given in per cent. */
function palette(): string {
  const colors: string[] = [];
  for (let index = 0; index < LEVELS ** 3; index += 1) {
    const levels = [Math.floor(index / LEVELS ** 2), Math.floor(index / LEVELS) % LEVELS, index % LEVELS];
    colors.push(`#${index};2;${levels.map((level) => Math.round((100 * level) / (LEVELS - 1))).join(';')}`);
  }
  return colors.join('');
}

/** One band of six rows: for each colour, a bit mask of its pixels in each column. */
function encodeBand({ width, height, data }: TerminalPixels, top: number): string {
  const rows = new Map<number, Uint8Array>();
  for (let y = top; y < Math.min(top + BAND, height); y += 1) {
    for (let x = 0; x < width; x += 1) {
      const color = colorAt(data, (y * width + x) * 3);
      let row = rows.get(color);
      if (row === undefined) {
        row = new Uint8Array(width);
        rows.set(color, row);
      }
      row[x] = (row[x] ?? 0) | (1 << (y - top));
    }
  }
  return [...rows].map(([color, row]) => `#${color}${shorten(row)}`).join('$');
}

function colorAt(data: Buffer, at: number): number {
  const level = (offset: number): number => Math.round(((data[at + offset] ?? 0) / 255) * (LEVELS - 1));
  return level(0) * LEVELS ** 2 + level(1) * LEVELS + level(2);
}

/** Run-length encodes repeated sixels. */
function shorten(row: Uint8Array): string {
  let text = '';
  for (let at = 0; at < row.length; ) {
    let end = at;
    while (end < row.length && row[end] === row[at]) end += 1;
    const character = String.fromCharCode(FIRST_SIXEL + (row[at] ?? 0));
    text += end - at > 3 ? `!${end - at}${character}` : character.repeat(end - at);
    at = end;
  }
  return text;
}
