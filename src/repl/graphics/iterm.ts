import type { GraphicsProtocol } from './graphics-protocol';

/** iTerm2's inline images, also supported by WezTerm and the terminal of VS Code. */
export const iterm: GraphicsProtocol = {
  name: 'iterm',
  isUnderstood: ({ TERM_PROGRAM, LC_TERMINAL }) =>
    ['iTerm.app', 'WezTerm', 'vscode'].includes(TERM_PROGRAM ?? '') || LC_TERMINAL === 'iTerm2',
  async encode(png) {
    return `\x1b]1337;File=inline=1;size=${png.length}:${png.toString('base64')}\x07\n`;
  },
};
