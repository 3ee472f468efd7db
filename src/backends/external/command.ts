import type { ExternalBase, ExternalKind } from './external-runtime';

/**
 * Any program that follows the protocol of `ExternalCommand`, such as your own engine, for comparison with Paddle's. It
 * gets the model's files and the inputs, and times its own runs.
 */
export interface CommandRuntime extends ExternalBase {
  readonly kind: 'command';
  readonly command: string;
  readonly args?: readonly string[];
}

export const commandRuntime: ExternalKind<CommandRuntime> = {
  keys: ['precision', 'threads', 'command', 'args'],
  start({ command, args = [], precision = 'fp32' }, { threads }) {
    return { kind: 'start', command, args, request: { precision, threads } };
  },
};
