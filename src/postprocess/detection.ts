import { readBoxes, thresholdOf } from './boxes';
import { decodePicodet, isRawPicodet } from './picodet';
import type { Postprocessor } from './postprocessor';

/** Object detection of PaddleDetection, with its boxes ready or (PicoDet without post-processing) as raw maps. */
export const detection: Postprocessor<'detection'> = {
  async read(outputs, context) {
    const table = isRawPicodet(outputs, context) ? [decodePicodet(outputs, context)] : outputs;
    const detections = readBoxes(table, context).map((row) => row.detection);
    return { threshold: thresholdOf(context), detections };
  },
};
