import { encodeRle } from '../image/rle';
import type { Box, RleMask } from '../results';

/**
 * Puts a square of probabilities into its box, as `expand_boxes` and `visualize.py` of PaddleDetection 0.3 to 0.5 do:
 * a border of zeros is added, the box grown to match and cut to integers, the square resized bilinearly (OpenCV, float)
 * and what is above 0.5 taken.
 */
export function pasteMask(
  probabilities: Float32Array,
  side: number,
  box: Box,
  image: { readonly width: number; readonly height: number },
): RleMask {
  const { width, height } = image;
  const padded = pad(probabilities, side);
  const [left, right] = growSpan(box[0], box[2], side);
  const [top, bottom] = growSpan(box[1], box[3], side);
  const columns = samples(Math.max(right - left + 1, 1), side + 2);
  const rows = samples(Math.max(bottom - top + 1, 1), side + 2);
  const data = new Uint8Array(width * height);
  for (let y = Math.max(top, 0); y < Math.min(bottom + 1, height); y++) {
    const row = rows[y - top];
    if (row === undefined) break;
    for (let x = Math.max(left, 0); x < Math.min(right + 1, width); x++) {
      const column = columns[x - left];
      if (column === undefined) break;
      const upper = mix(padded, row.first * (side + 2), column);
      const lower = mix(padded, row.second * (side + 2), column);
      if (Math.fround(upper * row.near + lower * row.far) > 0.5) data[y * width + x] = 1;
    }
  }
  return encodeRle({ width, height, data });
}

interface Sample {
  readonly first: number;
  readonly second: number;
  readonly near: number;
  readonly far: number;
}

function mix(data: Float32Array, start: number, { first, second, near, far }: Sample): number {
  return Math.fround((data[start + first] as number) * near + (data[start + second] as number) * far);
}

/** Where OpenCV's bilinear resize to a size reads, for each destination. */
function samples(destination: number, source: number): Sample[] {
  const step = 1 / (destination / source);
  return Array.from({ length: destination }, (_, i) => {
    const position = (i + 0.5) * step - 0.5;
    const first = Math.floor(position);
    const far = Math.fround(position - first);
    const clamp = (index: number): number => Math.min(Math.max(index, 0), source - 1);
    return { first: clamp(first), second: clamp(first + 1), near: Math.fround(1 - far), far };
  });
}

/** The box's extent grown by the border, in float32 like the boxes, its ends cut towards zero. */
function growSpan(start: number, end: number, side: number): [number, number] {
  const half = Math.fround(Math.fround(Math.fround(end - start) * 0.5) * Math.fround((side + 2) / side));
  const centre = Math.fround(Math.fround(start + end) * 0.5);
  return [Math.trunc(Math.fround(centre - half)), Math.trunc(Math.fround(centre + half))];
}

function pad(probabilities: Float32Array, side: number): Float32Array {
  const padded = new Float32Array((side + 2) ** 2);
  for (let row = 0; row < side; row++) {
    padded.set(probabilities.subarray(row * side, (row + 1) * side), (row + 1) * (side + 2) + 1);
  }
  return padded;
}
