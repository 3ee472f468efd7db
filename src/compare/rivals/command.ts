import type { RivalBase, RivalKind } from './rival';

/**
 * Any program that answers as `src/compare/channel.ts` says: an engine of yours, put beside Paddle's. It gets the
 * model's files and the inputs, and times its own runs.
 */
export interface CommandRival extends RivalBase {
  readonly kind: 'command';
  readonly command: string;
  readonly args?: readonly string[];
}

export const commandRival: RivalKind<CommandRival> = {
  keys: ['precision', 'threads', 'command', 'args'],
  start({ command, args = [], precision = 'fp32' }, { threads }) {
    return { kind: 'launch', launch: { kind: 'lines', command, args }, request: { precision, threads } };
  },
};
