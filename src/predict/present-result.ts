import { inspectCustom, jupyterDisplay } from '../notebook/display';
import { resultBundle, resultText } from '../notebook/result-display';
import type { PredictResult, RawTensors } from '../results';

/**
 * Freezes a result and teaches it to show itself: a table in a notebook, the same as text at a prompt. The methods
 * and the raw tensors are not enumerable, so that the result stays plain JSON data.
 */
export function presentResult<R extends PredictResult>(result: R, raw?: RawTensors): R {
  Object.defineProperties(result, {
    [jupyterDisplay]: { value: () => resultBundle(result) },
    [inspectCustom]: { value: () => resultText(result) },
    ...(raw === undefined ? {} : { raw: { value: Object.freeze(raw) } }),
  });
  return deepFreeze(result);
}

/** Freezes plain data; typed arrays can't be frozen and are none of it. */
function deepFreeze<V>(value: V): V {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
