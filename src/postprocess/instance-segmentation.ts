import { loadBinding } from '../native/binding';
import type { InstanceDetection } from '../results';
import { readBoxes, unsupported } from './boxes';
import type { Postprocessor } from './postprocessor';

/**
 * Instance segmentation of PaddleDetection 2.x: output 2 has a 0/1 mask of the whole image for each row of boxes. The
 * network works the image's size out of the rounded resized one, so that masks may be a pixel smaller or larger.
 */
export const instanceSegmentation: Postprocessor<InstanceDetection> = {
  async detections(outputs, context) {
    const masks = outputs[2];
    const { width, height } = context.image;
    const [, maskHeight, maskWidth] = masks?.shape ?? [];
    if (masks?.dtype !== 'int32' || maskHeight === undefined || maskWidth === undefined) {
      throw unsupported('masks as int32 [N,height,width] in the third output', outputs);
    }
    const rows = readBoxes(outputs, context);
    const indices = rows.map((row) => row.row);
    const encoded = await loadBinding().encodeMasks(
      masks.data as Int32Array,
      indices,
      [maskHeight, maskWidth],
      [height, width],
    );
    return rows.map(({ detection }, i) => ({
      ...detection,
      mask: { size: [height, width] as const, counts: encoded[i] as string },
    }));
  },
};
