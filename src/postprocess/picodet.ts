import type { Tensor } from '../inference/tensor';
import type { PostprocessContext } from '../spec/spec';
import { unsupported } from './boxes';

// Fixed in the script (`PicoDetPostProcess` of PaddleDetection 2.3 and later), regardless of the configuration.
const scoreThreshold = 0.4;
const cellsPerLevel = 1000;
const boxesPerClass = 100;
const candidatesPerClass = 200;

/**
 * Whether these are the raw maps of PicoDet: for each level the scores of cells, then the distributions of distances.
 */
export function isRawPicodet(outputs: readonly Tensor[], { spec }: PostprocessContext): boolean {
  const { picodet } = spec.outputs;
  return picodet !== undefined && outputs.length > 2 && outputs[0]?.shape.length === 3;
}

interface Candidate {
  readonly box: readonly [number, number, number, number];
  readonly scores: Float32Array;
}

/** Converts PicoDet's raw maps to the table of boxes that an export with post-processing returns. */
export function decodePicodet(outputs: readonly Tensor[], context: PostprocessContext): Tensor {
  const { strides, nmsThreshold } = context.spec.outputs.picodet ?? { strides: [], nmsThreshold: 0.5 };
  const [height, width] = context.network.size;
  if (outputs.length !== 2 * strides.length) throw unsupported(`${2 * strides.length} maps of PicoDet`, outputs);
  const candidates = strides.flatMap((stride, level) => {
    const scores = outputs[level] as Tensor;
    const distances = outputs[level + strides.length] as Tensor;
    const [columns, rows] = [Math.ceil(width / stride), Math.ceil(height / stride)];
    const fits = scores.shape[1] === columns * rows && distances.shape[1] === columns * rows;
    if (!fits || scores.dtype !== 'float32' || distances.dtype !== 'float32') {
      throw unsupported(`maps of ${columns * rows} cells for stride ${stride}`, outputs);
    }
    return decodeLevel(scores, distances, stride, columns);
  });
  const classes = outputs[0]?.shape[2] ?? 0;
  const table = Array.from({ length: classes }, (_, c) => suppress(candidates, c, nmsThreshold, context)).flat(2);
  return { name: 'boxes', dtype: 'float32', shape: [table.length / 6, 6], data: Float32Array.from(table), lod: [] };
}

function decodeLevel(scores: Tensor, distances: Tensor, stride: number, columns: number): Candidate[] {
  const [, cells = 0, classes = 0] = scores.shape;
  const bins = (distances.shape[2] as number) / 4;
  const best = Array.from({ length: cells }, (_, cell) => {
    const row = (scores.data as Float32Array).subarray(cell * classes, (cell + 1) * classes);
    return { cell, row, score: row.reduce((a, b) => (b > a ? b : a), 0) };
  });
  const kept = best.sort((a, b) => b.score - a.score).slice(0, cellsPerLevel);
  return kept.map(({ cell, row }) => {
    const side = (i: number): number =>
      expectation(distances.data as Float32Array, (cell * 4 + i) * bins, bins) * stride;
    const x = ((cell % columns) + 0.5) * stride;
    const y = (Math.floor(cell / columns) + 0.5) * stride;
    return { box: [x - side(0), y - side(1), x + side(2), y + side(3)] as const, scores: row };
  });
}

/** The mean of a distribution over the numbers from 0, given as logits. */
function expectation(data: Float32Array, start: number, bins: number): number {
  const logits = data.subarray(start, start + bins);
  const highest = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  let weighted = 0;
  logits.forEach((logit, i) => {
    const weight = Math.exp(logit - highest);
    sum += weight;
    weighted += weight * i;
  });
  return weighted / sum;
}

/** Rows of one class after non-maximum suppression, in pixels of the original image. */
function suppress(
  candidates: readonly Candidate[],
  classId: number,
  threshold: number,
  { network }: PostprocessContext,
): number[][] {
  const scoreOf = (candidate: Candidate): number => candidate.scores[classId] as number;
  let left = candidates
    .filter((candidate) => scoreOf(candidate) > scoreThreshold)
    .sort((a, b) => scoreOf(b) - scoreOf(a))
    .slice(0, candidatesPerClass);
  const rows: number[][] = [];
  while (left.length > 0 && rows.length < boxesPerClass) {
    const best = left[0] as Candidate;
    rows.push([classId, scoreOf(best), ...toImage(best.box, network)]);
    left = left.slice(1).filter((other) => overlap(best.box, other.box) <= threshold);
  }
  return rows;
}

/** Clips to the image size passed to the network, then reverts the scaling. */
function toImage(box: Candidate['box'], { imShape, scaleFactor }: PostprocessContext['network']): number[] {
  return box.map((value, i) => {
    const axis = i % 2 === 0 ? 1 : 0;
    return Math.min(Math.max(value, 0), imShape[axis]) / scaleFactor[axis];
  });
}

function overlap(a: Candidate['box'], b: Candidate['box']): number {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const area = (box: Candidate['box']): number => Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1]);
  return (width * height) / (area(a) + area(b) - width * height + 1e-5);
}
