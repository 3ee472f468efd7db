import { PaddleLabError } from '../errors';
import type { Tensor } from '../inference/tensor';
import type { Detection } from '../results';
import type { PostprocessContext } from './postprocessor';

/** A detection with the row that it stands in. */
export interface BoxRow {
  readonly row: number;
  readonly detection: Detection;
}

/** Columns: class, score, x1, y1, x2, y2. */
const columns = 6;

/**
 * Reads rows of boxes as PaddleDetection 2.x does: output 0 has the rows in pixels of the original image, output 1 their
 * number. Kept are rows with a score above the threshold (compared in float32) and a class of 0 or more: −1 marks
 * rows that mean nothing.
 */
export function readBoxes(outputs: readonly Tensor[], context: PostprocessContext): BoxRow[] {
  const boxes = outputs[0];
  if (boxes === undefined || boxes.dtype !== 'float32' || (boxes.shape[1] ?? columns) !== columns) {
    throw unsupported(`boxes as float32 [N,6] in the first output`, outputs);
  }
  const data = boxes.data as Float32Array;
  const count = rowCount(outputs, data.length / columns);
  const threshold = Math.fround(context.threshold);
  const rows: BoxRow[] = [];
  for (let row = 0; row < count; row++) {
    const at = (column: number): number => data[row * columns + column] as number;
    const classId = at(0);
    const score = at(1);
    if (!(score > threshold && classId > -1)) continue;
    const box = [at(2), at(3), at(4), at(5)] as const;
    rows.push({ row, detection: { classId, label: labelOf(classId, context), score, box } });
  }
  return rows.sort((a, b) => b.detection.score - a.detection.score);
}

/** `bbox_num` may be int32 or int64, or missing in exports with one output. */
function rowCount(outputs: readonly Tensor[], rows: number): number {
  const declared = outputs[1]?.data[0];
  if (declared === undefined) return Math.floor(rows);
  const count = Number(declared);
  // Old exports answer "nothing" with a single value or row of −1 and a count of 0.
  if (count > rows) throw unsupported(`at most ${rows} boxes as counted by the second output`, outputs);
  return count;
}

function labelOf(classId: number, { spec }: PostprocessContext): string {
  const label = spec.labels[classId];
  if (label === undefined) {
    throw new PaddleLabError(
      'CONFIG_INVALID',
      `${spec.files.config}: The model answered class ${classId}, but label_list has ${spec.labels.length} entries`,
    );
  }
  return label;
}

export function unsupported(expected: string, outputs: readonly Tensor[]): PaddleLabError {
  const found = outputs.map((output) => `${output.dtype}[${output.shape}]`).join(', ');
  return new PaddleLabError('MODEL_UNSUPPORTED', `Expected ${expected} but received outputs ${found}`);
}
