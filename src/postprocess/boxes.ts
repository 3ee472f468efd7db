import { PaddleLabError } from '../errors';
import type { Tensor } from '../inference/tensor';
import type { Detection } from '../results';
import { labelOf } from './labels';
import type { PostprocessContext } from './postprocessor';

/** Objects with a score above this are kept where nothing else is said, as in Paddle's scripts. */
const defaultThreshold = 0.5;

export function thresholdOf({ threshold, spec }: PostprocessContext): number {
  return threshold ?? spec.outputs.threshold ?? defaultThreshold;
}

/** A detection with the row that it stands in. */
export interface BoxRow {
  readonly row: number;
  readonly detection: Detection;
}

/** A row of a table of boxes: class and score, then coordinates. */
export interface ScoredRow {
  readonly row: number;
  readonly classId: number;
  readonly label: string;
  readonly score: number;
  readonly coordinates: readonly number[];
}

/**
 * Reads rows of boxes as PaddleDetection does: output 0 has the rows (class, score, x1, y1, x2, y2) in pixels of the
 * original image, in 1.x for SSD and Face in fractions of it; output 1 has their number in 2.x.
 */
export function readBoxes(outputs: readonly Tensor[], context: PostprocessContext): BoxRow[] {
  const { spec, image } = context;
  const scale = spec.outputs.normalizedBoxes ? [image.width, image.height] : undefined;
  return readRows(outputs, 6, context).map(({ row, classId, label, score, coordinates }) => {
    const [x1, y1, x2, y2] = coordinates.map((value, i) => (scale ? Math.fround(value * scale[i % 2]!) : value));
    return { row, detection: { classId, label, score, box: [x1!, y1!, x2!, y2!] as const } };
  });
}

/**
 * Reads the rows of output 0, best score first. Kept are those with a score above the threshold (compared in float32)
 * and a class of 0 or more: −1 marks rows that mean nothing, and a table of a single −1 means no row at all.
 */
export function readRows(outputs: readonly Tensor[], columns: number, context: PostprocessContext): ScoredRow[] {
  const { spec } = context;
  const table = outputs[0];
  const empty = table !== undefined && table.data.length <= 1;
  if (table?.dtype !== 'float32' || (!empty && table.shape[table.shape.length - 1] !== columns)) {
    throw unsupported(`boxes as float32 [N,${columns}] in the first output`, outputs);
  }
  const data = table.data as Float32Array;
  const rows = Math.floor(data.length / columns);
  const count = spec.family === 'PaddleDetection 1.x' ? rows : rowCount(outputs, rows);
  const threshold = Math.fround(thresholdOf(context));
  const kept: ScoredRow[] = [];
  for (let row = 0; row < count; row++) {
    const start = row * columns;
    const classId = data[start] as number;
    const score = data[start + 1] as number;
    if (!(score > threshold && classId > -1)) continue;
    const coordinates = Array.from(data.subarray(start + 2, start + columns));
    kept.push({ row, classId, label: labelOf(classId, spec), score, coordinates });
  }
  return kept.sort((a, b) => b.score - a.score);
}

/** `bbox_num` may be int32 or int64, or missing in exports with one output. */
function rowCount(outputs: readonly Tensor[], rows: number): number {
  const declared = outputs[1]?.data[0];
  if (declared === undefined) return rows;
  const count = Number(declared);
  // Old exports answer "nothing" with a single value or row of −1 and a count of 0.
  if (count > rows) throw unsupported(`at most ${rows} boxes as counted by the second output`, outputs);
  return count;
}

export function unsupported(expected: string, outputs: readonly Tensor[]): PaddleLabError {
  const found = outputs.map((output) => `${output.dtype}[${output.shape}]`).join(', ') || 'none';
  return new PaddleLabError('MODEL_UNSUPPORTED', `Expected ${expected} but received outputs ${found}`);
}
