import type { AnyDetectionResult, Detection } from '../results';
import type { Tracker } from './tracker';

/**
 * The result of a video's next frame with the objects that are tracked in it, best score first. Boxes and scores are the
 * tracker's, as in PaddleDetection's script; masks and corners are those of the detections.
 */
export function trackedResult<R extends AnyDetectionResult>(tracker: Tracker, result: R): R {
  const tracked = tracker.update<Detection>(result.detections);
  const detections = tracked.map(({ id, score, box, detection }) => ({ ...detection, score, box, trackId: id }));
  detections.sort((a, b) => b.score - a.score);
  return { ...result, tracker: tracker.name, detections };
}
