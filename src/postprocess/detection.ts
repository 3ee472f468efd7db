import type { Detection } from '../results';
import { readBoxes } from './boxes';
import type { Postprocessor } from './postprocessor';

/** Object detection of PaddleDetection 2.x. */
export const detection: Postprocessor<Detection> = {
  async detections(outputs, context) {
    return readBoxes(outputs, context).map((row) => row.detection);
  },
};
