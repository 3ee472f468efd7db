import type { AnyDetectionResult } from '../results';
import { invalidArgument } from '../validate';
import { presentResult } from './present-result';

/**
 * The result of an image with other objects, such as those that a filter left: for pictures, tables and files of them.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 *
 * @example
 * import { filterObjects, loadModel, predict, visualize, withDetections } from 'paddlelab';
 * const detector = await loadModel('models/shapes_det_picodet', { task: 'detection' });
 * const result = await predict(detector, 'shapes.png');
 * const circles = withDetections(result, filterObjects(result.detections, { classes: ['circle'] }));
 * await visualize('shapes.png', circles);
 */
export function withDetections<R extends AnyDetectionResult>(result: R, detections: R['detections']): R {
  if (typeof result !== 'object' || !Array.isArray(result?.detections)) {
    throw invalidArgument('result', 'result of a detector', result);
  }
  if (!Array.isArray(detections)) throw invalidArgument('detections', 'list of objects', detections);
  return presentResult({ ...result, detections: structuredClone(detections) } as R, { raw: result.raw });
}
