/**
 * DARK (distribution-aware coordinates) as in `keypoint_postprocess.py` of PaddleDetection with its kernel of 3: the
 * map is smoothed, and one Newton step on its logarithm moves the peak to a subcell position.
 */
export function refinePeak(
  map: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
): { x: number; y: number } {
  if (!(x > 1 && x < width - 2 && y > 1 && y < height - 2)) return { x, y };
  const scale = smoothingScale(map, width, height);
  const at = (dx: number, dy: number): number =>
    Math.log(Math.max(Math.fround(smoothed(map, width, height, x + dx, y + dy) * scale), 1e-10));
  const slopeX = (at(1, 0) - at(-1, 0)) / 2;
  const slopeY = (at(0, 1) - at(0, -1)) / 2;
  const curveX = (at(2, 0) - 2 * at(0, 0) + at(-2, 0)) / 4;
  const curveY = (at(0, 2) - 2 * at(0, 0) + at(0, -2)) / 4;
  const cross = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / 4;
  const determinant = curveX * curveY - cross * cross;
  if (determinant === 0) return { x, y };
  return {
    x: x - (curveY * slopeX - cross * slopeY) / determinant,
    y: y - (curveX * slopeY - cross * slopeX) / determinant,
  };
}

/** The factor that restores the original maximum of the smoothed map. */
function smoothingScale(map: Float32Array, width: number, height: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  let highestSmoothed = Number.NEGATIVE_INFINITY;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      highest = Math.max(highest, map[y * width + x] as number);
      highestSmoothed = Math.max(highestSmoothed, smoothed(map, width, height, x, y));
    }
  }
  return highest / highestSmoothed;
}

const kernel = [0.25, 0.5, 0.25] as const;

/** The value of a cell after a 3×3 Gaussian, with zeros around the map. */
function smoothed(map: Float32Array, width: number, height: number, x: number, y: number): number {
  let sum = 0;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const [column, row] = [x + dx, y + dy];
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      sum += (map[row * width + column] as number) * kernel[dx + 1]! * kernel[dy + 1]!;
    }
  }
  return Math.fround(sum);
}
