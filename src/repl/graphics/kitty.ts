import type { GraphicsProtocol } from './graphics-protocol';

/** Maximum base64 length in one escape sequence. */
const CHUNK = 4096;

/** Kitty's graphics protocol: sends the PNG itself, in chunks. */
export const kitty: GraphicsProtocol = {
  name: 'kitty',
  isUnderstood: ({ TERM, KITTY_WINDOW_ID, TERM_PROGRAM }) =>
    TERM === 'xterm-kitty' || KITTY_WINDOW_ID !== undefined || TERM_PROGRAM === 'ghostty',
  async encode(png) {
    const data = png.toString('base64');
    const pieces: string[] = [];
    for (let at = 0; at < data.length; at += CHUNK) {
      const settings = at === 0 ? 'a=T,f=100,' : '';
      const more = at + CHUNK < data.length ? 1 : 0;
      pieces.push(`\x1b_G${settings}m=${more};${data.slice(at, at + CHUNK)}\x1b\\`);
    }
    return `${pieces.join('')}\n`;
  },
};
