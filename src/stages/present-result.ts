import { inspectCustom, jupyterDisplay } from '../display/display';
import type { CustomTask } from '../postprocess/custom-task';
import type { PredictResult, ProbabilityMaps, RawTensors } from '../results';
import { customBundle, customText } from './custom-display';
import { resultBundle, resultText } from './result-display';

/** What belongs to a result but not to its JSON. */
interface Hidden {
  readonly task?: CustomTask;
  readonly raw?: RawTensors;
  readonly probabilities?: ProbabilityMaps;
}

/**
 * Freezes a result and teaches it to show itself: a table in a notebook, the same as text at a prompt. The methods,
 * the raw tensors and the maps of probabilities are not enumerable, so that the result stays plain JSON data.
 */
export function presentResult<R extends PredictResult>(result: R, { task, raw, probabilities }: Hidden): R {
  const shown: PredictResult = result;
  const custom = task !== undefined && shown.kind === 'custom' ? { task, result: shown } : undefined;
  Object.defineProperties(result, {
    [jupyterDisplay]: {
      value: () => (custom === undefined ? resultBundle(result) : customBundle(custom.task, custom.result)),
    },
    [inspectCustom]: { value: () => (custom === undefined ? resultText(result) : customText(custom.result)) },
    ...(raw === undefined ? {} : { raw: { value: Object.freeze(raw) } }),
    ...(probabilities === undefined ? {} : { probabilities: { value: Object.freeze(probabilities) } }),
  });
  return deepFreeze(result);
}

/** Freezes plain data; typed arrays, which tasks of users may have, can't be frozen. */
function deepFreeze<V>(value: V): V {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
