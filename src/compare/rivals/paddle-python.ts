import type { Engine } from '../../inference/engine';
import { pythonLaunch } from './python';
import type { RivalBase, RivalKind } from './rival';

/** Python's `paddle.inference`, of the interpreter's own paddlepaddle. */
export interface PaddlePythonRival extends RivalBase {
  readonly kind: 'paddle-python';
  /** `onednn` by default. */
  readonly engine?: Engine;
  /** An interpreter that has paddlepaddle; `python3` by default. */
  readonly python?: string;
}

export const paddlePython: RivalKind<PaddlePythonRival> = {
  keys: ['engine', 'precision', 'threads', 'python'],
  start({ engine = 'onednn', precision = 'fp32', python }, { threads }) {
    const launch = pythonLaunch(python, 'paddle_python.py');
    return { kind: 'launch', launch, request: { engine, precision, threads } };
  },
};
