import type { GraphicsProtocol } from './graphics-protocol';
import { readPixels } from './pixels';

/** Maximum width, so that a picture fits onto the screen. */
const MAX_COLUMNS = 100;
const MAX_ROWS = 40;

/**
 * Two pixels per character: the foreground and background colour of an upper half block. Works on every terminal with
 * 24-bit colours.
 */
export const halfBlocks: GraphicsProtocol = {
  name: 'half-blocks',
  isUnderstood: ({ COLORTERM = '', TERM = '' }) => /truecolor|24bit/.test(COLORTERM) || /256color|direct/.test(TERM),
  async encode(png, columns) {
    const { width, height, data } = await readPixels(png, Math.min(columns, MAX_COLUMNS), MAX_ROWS * 2);
    const color = (x: number, y: number): string => {
      const at = (y * width + x) * 3;
      return `${data[at]};${data[at + 1]};${data[at + 2]}`;
    };
    const lines: string[] = [];
    for (let y = 0; y < height; y += 2) {
      let line = '';
      for (let x = 0; x < width; x += 1) {
        const below = y + 1 < height ? `\x1b[48;2;${color(x, y + 1)}m` : '\x1b[49m';
        line += `\x1b[38;2;${color(x, y)}m${below}▀`;
      }
      lines.push(`${line}\x1b[0m`);
    }
    return `${lines.join('\n')}\n`;
  },
};
