import { type CommandRuntime, commandRuntime } from './command';
import type { ExternalKind } from './external-runtime';
import { type OpenvinoRuntime, openvinoRuntime } from './openvino-runtime';
import { type PaddlePython, paddlePython } from './paddle-python';

/** An external program that runs the model, for comparison with Paddle. */
export type ExternalRuntime = PaddlePython | OpenvinoRuntime | CommandRuntime;

/** All kinds of external runtimes; a new one is a line here. */
export const externalKinds: {
  readonly [K in ExternalRuntime['kind']]: ExternalKind<Extract<ExternalRuntime, { kind: K }>>;
} = {
  'paddle-python': paddlePython,
  'openvino-runtime': openvinoRuntime,
  command: commandRuntime,
};

export function externalKind(options: ExternalRuntime): ExternalKind<ExternalRuntime> {
  return externalKinds[options.kind] as ExternalKind<ExternalRuntime>;
}
