import { PaddleLabError } from '../errors';
import type { Tensor } from '../inference/tensor';
import type { Detection } from '../results';
import type { PostprocessContext } from '../spec/spec';
import { outputInvalid } from './finite';
import { labelOf } from './labels';

/** Default threshold: objects with a score above this are kept, as in Paddle's scripts. */
const defaultThreshold = 0.5;

/** Class numbers are below this, because label maps have 16 bits. */
const mostClasses = 65536;

/** The threshold in a result; the lowest one if thresholds depend on the class (PaddleX). */
export function thresholdOf({ threshold, spec }: PostprocessContext): number {
  const { threshold: configured, paddlex } = spec.outputs;
  const lowest = Math.min(defaultThreshold, ...Object.values(paddlex?.thresholds ?? {}));
  return threshold ?? configured ?? lowest;
}

function thresholdOfClass(classId: number, context: PostprocessContext): number {
  const { thresholds } = context.spec.outputs.paddlex ?? {};
  const own = context.threshold === undefined && thresholds !== undefined;
  return own ? (thresholds[classId] ?? defaultThreshold) : thresholdOf(context);
}

/** A detection and its row number. */
export interface BoxRow {
  readonly row: number;
  readonly detection: Detection;
  /** Columns after the box, for models with a reading order (PaddleX). */
  readonly order?: readonly number[];
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
 * original image, for SSD and Face of 1.x in fractions of it; output 1 has the number of rows in 2.x.
 */
export function readBoxes(outputs: readonly Tensor[], context: PostprocessContext): BoxRow[] {
  const { spec, image } = context;
  const scale = spec.outputs.normalizedBoxes ? [image.width, image.height] : undefined;
  return readRows(outputs, 6, context).map(({ row, classId, label, score, coordinates }) => {
    const [x1, y1, x2, y2] = coordinates.map((value, i) => (scale ? Math.fround(value * scale[i % 2]!) : value));
    const detection = { classId, label, score, box: [x1!, y1!, x2!, y2!] as const };
    return { row, detection, ...(coordinates.length > 4 && { order: coordinates.slice(4) }) };
  });
}

/**
 * Reads the rows of output 0, best score first. Rows are kept if their score is above the threshold (compared in
 * float32) and their class is 0 or more: −1 marks padding, and a table of a single −1 means no rows at all.
 */
export function readRows(outputs: readonly Tensor[], columns: number, context: PostprocessContext): ScoredRow[] {
  const { spec } = context;
  const table = outputs[0];
  const empty = table !== undefined && table.data.length <= 1;
  const width = table?.shape.at(-1) ?? 0;
  // PaddleX has models with one or two more columns, for a reading order.
  const fits = width === columns || (spec.conventions.readingOrder && columns === 6 && (width === 7 || width === 8));
  if (table?.dtype !== 'float32' || !(empty || fits)) {
    throw unsupported(`boxes as float32 [N,${columns}] in the first output`, outputs);
  }
  const data = table.data as Float32Array;
  const stride = empty ? columns : width;
  const rows = Math.floor(data.length / stride);
  const count = spec.conventions.boxCount === 'rows' ? rows : rowCount(outputs, rows);
  const kept: ScoredRow[] = [];
  for (let row = 0; row < count; row++) {
    const start = row * stride;
    const classId = data[start] as number;
    const score = data[start + 1] as number;
    if (!(score > Math.fround(thresholdOfClass(classId, context)) && classId > -1)) continue;
    if (!Number.isInteger(classId) || classId >= mostClasses)
      throw outputInvalid(`row ${row} has class ${classId}`, outputs);
    const coordinates = Array.from(data.subarray(start + 2, start + stride));
    kept.push({ row, classId, label: labelOf(classId, spec), score, coordinates });
  }
  return kept.sort((a, b) => b.score - a.score);
}

/** `bbox_num` may be int32 or int64, or missing in exports with one output. */
function rowCount(outputs: readonly Tensor[], rows: number): number {
  const declared = outputs[1]?.data[0];
  if (declared === undefined) return rows;
  const count = Number(declared);
  // Old exports return a single value or row of −1 and a count of 0 if nothing was found.
  if (count > rows) throw unsupported(`at most ${rows} boxes as counted by the second output`, outputs);
  return count;
}

export function unsupported(expected: string, outputs: readonly Tensor[]): PaddleLabError {
  const found = outputs.map((output) => `${output.dtype}[${output.shape}]`).join(', ') || 'none';
  return new PaddleLabError('MODEL_UNSUPPORTED', `Expected ${expected} but received outputs ${found}`);
}
