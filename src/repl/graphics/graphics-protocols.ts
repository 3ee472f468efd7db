import type { GraphicsProtocol } from './graphics-protocol';
import { halfBlocks } from './half-blocks';
import { iterm } from './iterm';
import { kitty } from './kitty';
import { sixel } from './sixel';

/** One file each; the first one that the terminal supports is used. */
export const PROTOCOLS: readonly GraphicsProtocol[] = [kitty, iterm, sixel, halfBlocks];

export const PROTOCOL_NAMES: readonly string[] = PROTOCOLS.map(({ name }) => name);

/** The protocol with this name, or the best one for the terminal; undefined if pictures are shown as text. */
export function chooseProtocol(name: string, environment: NodeJS.ProcessEnv): GraphicsProtocol | undefined {
  if (name !== 'auto') return PROTOCOLS.find((protocol) => protocol.name === name);
  return PROTOCOLS.find((protocol) => protocol.isUnderstood(environment));
}
