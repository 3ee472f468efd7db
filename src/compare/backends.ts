import type { EngineOptions } from '../inference/engine';

/** The ways of running a model on a CPU that have a name. */
export type BackendName = 'plain' | 'onednn' | 'onednn-bf16' | 'openvino' | 'openvino-fp16' | 'openvino-bf16';

/** What each stands for; `plain` is the baseline that the others are held against. */
export const backendOptions: Readonly<Record<BackendName, EngineOptions>> = {
  plain: { engine: 'plain' },
  onednn: { engine: 'onednn' },
  'onednn-bf16': { engine: 'onednn', precision: 'bf16' },
  openvino: { engine: 'openvino' },
  'openvino-fp16': { engine: 'openvino', precision: 'fp16' },
  'openvino-bf16': { engine: 'openvino', precision: 'bf16' },
};

export const backendNames = Object.keys(backendOptions) as BackendName[];

export const baselineName: BackendName = 'plain';
