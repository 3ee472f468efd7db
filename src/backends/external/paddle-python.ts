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
  start({ engine = 'onednn', precision = 'fp32', python }, { threads }) {
    return { kind: 'start', ...pythonCommand(python, 'paddle_python.py'), request: { engine, precision, threads } };
  },
};
