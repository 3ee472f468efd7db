import { detectionTable } from '../notebook/detection-table';
import { inspectCustom, jupyterDisplay } from '../notebook/display';
import type { PredictResult } from '../results';

/**
 * Freezes a result and teaches it to show itself: a table in a notebook, the same as text at a prompt. The methods
 * are not enumerable, so that the result stays plain JSON data.
 */
export function presentResult<R extends PredictResult>(result: R): R {
  Object.defineProperties(result, {
    [jupyterDisplay]: { value: () => detectionTable(result) },
    [inspectCustom]: { value: () => detectionTable(result)['text/plain'] },
  });
  for (const detection of result.detections) Object.freeze(detection);
  Object.freeze(result.detections);
  Object.freeze(result.timings);
  return Object.freeze(result);
}
