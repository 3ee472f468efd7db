import { type CommandRuntime, commandRuntime } from './command';
import type { ExternalKind, ExternalModel, ExternalStart } from './external-runtime';
import { type OpenvinoRuntime, openvinoRuntime } from './openvino-runtime';
import { type PaddlePython, paddlePython } from './paddle-python';

/** A program outside of Node that runs the model, to hold Paddle against. */
export type ExternalRuntime = PaddlePython | OpenvinoRuntime | CommandRuntime;

/** All kinds of external runtimes; a new one is a line here. */
export const externalKinds: {
  readonly [K in ExternalRuntime['kind']]: ExternalKind<Extract<ExternalRuntime, { kind: K }>>;
} = {
  'paddle-python': paddlePython,
  'openvino-runtime': openvinoRuntime,
  command: commandRuntime,
};

export function startExternal(options: ExternalRuntime, model: ExternalModel): ExternalStart {
  return (externalKinds[options.kind] as ExternalKind<ExternalRuntime>).start(options, model);
}
