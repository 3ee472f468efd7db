import type { PredictResult } from '../../results';

/** The result without the objects that score too little to be listed. */
export function shownOf(result: PredictResult, threshold: number | undefined): PredictResult {
  if (threshold === undefined || result.detections === undefined) return result;
  const detections = result.detections.filter(({ score }) => score > threshold);
  return { ...result, threshold, detections } as PredictResult;
}
