import type { Engine } from '../../inference/engine';
import type { ExternalBase, ExternalKind } from './external-runtime';
import { pythonCommand } from './python';

/** Python's `paddle.inference`, from the interpreter's own paddlepaddle. */
export interface PaddlePython extends ExternalBase {
  readonly kind: 'paddle-python';
  /** `onednn` by default. */
  readonly engine?: Engine;
  /** A Python interpreter with paddlepaddle; `python3` by default. */
  readonly python?: string;
}

export const paddlePython: ExternalKind<PaddlePython> = {
  keys: ['engine', 'precision', 'threads', 'python'],
  engine: ({ engine = 'onednn' }) => engine,
  start({ engine = 'onednn', precision = 'fp32', python }, { threads }) {
    if (precision === 'int8') {
      return { kind: 'unavailable', reason: 'paddle-python only supports fp32, fp16 and bf16' };
    }
    return { kind: 'start', ...pythonCommand(python, 'paddle_python.py'), request: { engine, precision, threads } };
  },
};
