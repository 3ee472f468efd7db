import type { ExternalBase, ExternalKind } from './external-runtime';
import { pythonCommand } from './python';

/** OpenVINO's own runtime, from the `openvino` package of a Python interpreter. */
export interface OpenvinoRuntime extends ExternalBase {
  readonly kind: 'openvino-runtime';
  /** A Python interpreter with openvino; `python3` by default. */
  readonly python?: string;
}

export const openvinoRuntime: ExternalKind<OpenvinoRuntime> = {
  keys: ['precision', 'threads', 'python'],
  engine: () => 'openvino',
  start({ precision = 'fp32', python }, { threads, format }) {
    if (format === 'json') {
      return { kind: 'unavailable', reason: 'OpenVINO reads .pdmodel programs only; this model is a .json program' };
    }
    if (precision === 'int8') {
      return {
        kind: 'unavailable',
        reason: 'OpenVINO has no int8 for a model that is not quantised; use fp16 or bf16',
      };
    }
    return { kind: 'start', ...pythonCommand(python, 'openvino_runtime.py'), request: { precision, threads } };
  },
};
