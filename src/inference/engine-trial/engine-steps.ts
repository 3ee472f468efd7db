import type { ConfigStep } from '../../native/paddle-types';
import { type Engine, placementPass } from '../engine';
import { engineCacheStep } from '../engine-cache';

/** Calls that select the engine on a CPU. */
const engineMethods = [
  'EnableONEDNN',
  'DisableONEDNN',
  'EnableOnednnBfloat16',
  'EnableOnednnInt8',
  'EnableOpenVINOEngine',
];

const float32 = 0;

const callsOf: Readonly<Record<Engine, readonly ConfigStep[]>> = {
  plain: [{ method: 'DisableONEDNN', arguments: [] }],
  onednn: [{ method: 'EnableONEDNN', arguments: [] }],
  'onednn-fused': [
    { method: 'EnableONEDNN', arguments: [] },
    { method: 'DeletePass', arguments: [placementPass] },
  ],
  openvino: [{ method: 'EnableOpenVINOEngine', arguments: [float32] }],
};

/** The engine that these calls select; Paddle's own default on a CPU is oneDNN. */
export function engineOfSteps(steps: readonly ConfigStep[]): Engine {
  let engine: Engine = 'onednn';
  for (const { method } of steps) {
    if (method === 'EnableOpenVINOEngine') return 'openvino';
    if (method === 'EnableONEDNN') engine = 'onednn';
    if (method === 'DisableONEDNN') engine = 'plain';
  }
  return engine === 'onednn' && steps.some(leavesPlacementOut) ? 'onednn-fused' : engine;
}

function leavesPlacementOut({ method, arguments: values }: ConfigStep): boolean {
  return method === 'DeletePass' && values[0] === placementPass;
}

/** The same settings with another engine, in float32. */
export function stepsWithEngine(steps: readonly ConfigStep[], engine: Engine): ConfigStep[] {
  const others = steps.filter((step) => !engineMethods.includes(step.method) && !leavesPlacementOut(step));
  const wantsCache = engine === 'openvino' && !others.some(({ method }) => method === 'SetOptimCacheDir');
  return [...others, ...callsOf[engine], ...(wantsCache ? [engineCacheStep()] : [])];
}
