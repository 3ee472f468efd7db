import { type CommandRival, commandRival } from './command';
import { type OnnxRuntimeRival, onnxRuntime } from './onnxruntime';
import { type OpenvinoRuntimeRival, openvinoRuntime } from './openvino-runtime';
import { type PaddlePythonRival, paddlePython } from './paddle-python';
import type { RivalKind, RivalStart, RivalSubject } from './rival';

/** Something else than this library that runs the model, to hold it against. */
export type Rival = PaddlePythonRival | OpenvinoRuntimeRival | OnnxRuntimeRival | CommandRival;

/** All kinds of rivals; a new one is a line here. */
export const rivalKinds: { readonly [K in Rival['kind']]: RivalKind<Extract<Rival, { kind: K }>> } = {
  'paddle-python': paddlePython,
  'openvino-runtime': openvinoRuntime,
  onnxruntime: onnxRuntime,
  command: commandRival,
};

export function startRival(rival: Rival, subject: RivalSubject): RivalStart {
  return (rivalKinds[rival.kind] as RivalKind<Rival>).start(rival, subject);
}
