import { readBoxes, thresholdOf } from './boxes';
import { arrangeLayout } from './paddlex-layout';
import { decodePicodet, isRawPicodet } from './picodet';
import type { Postprocessor } from './postprocessor';

/** Object detection of PaddleDetection, with its boxes ready or (PicoDet without post-processing) as raw maps. */
export const detection: Postprocessor<'detection'> = {
  async read(outputs, context) {
    const table = isRawPicodet(outputs, context) ? [decodePicodet(outputs, context)] : outputs;
    const rows = readBoxes(table, context);
    const arranged = context.spec.family === 'PaddleX' ? arrangeLayout(rows, context) : rows;
    return { threshold: thresholdOf(context), detections: arranged.map((row) => row.detection) };
  },
};
