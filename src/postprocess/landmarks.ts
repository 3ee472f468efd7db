import type { Tensor } from '../inference/tensor';
import type { PostprocessContext } from '../spec/spec';
import { type BoxRow, unsupported } from './boxes';

const points = 5;

/**
 * Adds face landmarks as decoded by PaddleDetection 0.5: outputs are boxes, the prior index of each row, offsets of the
 * points for each prior, and the priors. As in the script, an offset along one axis is scaled by the prior's extent
 * along the other.
 */
export function withLandmarks(
  rows: readonly BoxRow[],
  outputs: readonly Tensor[],
  { image }: PostprocessContext,
): BoxRow[] {
  const [, indices, offsets, priors] = outputs;
  if (indices === undefined || offsets?.dtype !== 'float32' || priors?.dtype !== 'float32') {
    throw unsupported('boxes, rows of priors, offsets of points and priors of a face detector with landmarks', outputs);
  }
  return rows.map((row) => {
    const at = Number(indices.data[row.row]);
    const prior = Array.from(priors.data.subarray(at * 4, at * 4 + 4) as Float32Array);
    const moves = Array.from(offsets.data.subarray(at * 2 * points, (at + 1) * 2 * points) as Float32Array);
    if (prior.length < 4 || moves.length < 2 * points) throw unsupported(`a prior for row ${row.row}`, outputs);
    const [x1, y1, x2, y2] = prior as [number, number, number, number];
    const landmarks = Array.from({ length: points }, (_, j): readonly [number, number] => {
      const x = (moves[2 * j] as number) * 0.1 * (y2 - y1) + (x1 + x2) / 2;
      const y = (moves[2 * j + 1] as number) * 0.1 * (x2 - x1) + (y1 + y2) / 2;
      return [x * image.width, y * image.height];
    });
    return { ...row, detection: { ...row.detection, landmarks } };
  });
}
