import { inspectCustom, jupyterDisplay, type MimeBundle } from '../display/display';
import type { PredictResult, ProbabilityMaps, RawTensors, RgbPixels } from '../results';
import type { CustomTask } from '../spec/spec';
import { rememberTask } from '../tasks/custom-task';
import { resultBundle, resultText } from './result-display';

/** Properties of a result that are not part of its JSON. */
interface Hidden {
  readonly task?: CustomTask | undefined;
  readonly raw?: RawTensors | undefined;
  readonly probabilities?: ProbabilityMaps | undefined;
  /** What a notebook shows instead of the table. */
  readonly display?: () => Promise<MimeBundle>;
  readonly unwarped?: RgbPixels | undefined;
}

/**
 * Freezes a result and adds its display methods: a table in a notebook, and as text at a prompt. The methods, the raw
 * tensors, maps of probabilities and unwarped images are not enumerable, so that the result stays plain JSON data.
 */
export function presentResult<R extends PredictResult>(result: R, hidden: Hidden): R {
  const { task, raw, probabilities, unwarped, display } = hidden;
  const presented: PredictResult = result;
  if (task !== undefined && presented.kind === 'custom') rememberTask(presented, task);
  Object.defineProperties(result, {
    [jupyterDisplay]: { value: display ?? (() => resultBundle(result)) },
    [inspectCustom]: { value: () => resultText(result) },
    ...(raw === undefined ? {} : { raw: { value: Object.freeze(raw) } }),
    ...(probabilities === undefined ? {} : { probabilities: { value: Object.freeze(probabilities) } }),
    ...(unwarped === undefined ? {} : { unwarped: { value: Object.freeze(unwarped) } }),
  });
  return deepFreeze(result);
}

/** Freezes plain data; typed arrays, which custom tasks may return, can't be frozen. */
function deepFreeze<V>(value: V): V {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
