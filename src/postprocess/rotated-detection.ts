import type { Box } from '../results';
import { readRows, thresholdOf } from './boxes';
import type { Postprocessor } from './postprocessor';

/** Rotated boxes of PaddleDetection 2.x (S2ANet, FCOSR, PP-YOLOE-R): class, score and four corners a row. */
export const rotatedDetection: Postprocessor<'rotated-detection'> = {
  async read(outputs, context) {
    const detections = readRows(outputs, 10, context).map(({ classId, label, score, coordinates }) => {
      return { classId, label, score, box: boxAround(coordinates), corners: coordinates };
    });
    return { threshold: thresholdOf(context), detections };
  },
};

function boxAround(corners: readonly number[]): Box {
  const xs = corners.filter((_, i) => i % 2 === 0);
  const ys = corners.filter((_, i) => i % 2 === 1);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
