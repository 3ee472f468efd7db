import type { RleMask } from '../results';

/** A binary mask as rows from the top, one byte a pixel, 0 or 1. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Decodes COCO's compressed run-length encoding (pycocotools) into a row-major bitmap. */
export function decodeRle(mask: RleMask): Bitmap {
  const [height, width] = mask.size;
  const data = new Uint8Array(width * height);
  let value = 0;
  let column = 0;
  let row = 0;
  for (const run of readRuns(mask.counts)) {
    for (let i = 0; i < run; i++) {
      if (value === 1) data[row * width + column] = 1;
      if (++row === height) {
        row = 0;
        column++;
      }
    }
    value = 1 - value;
  }
  return { width, height, data };
}

/** Number of set pixels, without decoding the mask. */
export function rleArea(mask: RleMask): number {
  return readRuns(mask.counts).reduce((sum, run, index) => (index % 2 === 1 ? sum + run : sum), 0);
}

/** Encodes a row-major bitmap (any non-zero value is inside) as COCO's compressed run lengths. */
export function encodeRle(bitmap: { width: number; height: number; data: ArrayLike<number> }): RleMask {
  const { width, height, data } = bitmap;
  const runs: number[] = [];
  let current = false;
  let run = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0, index = x; y < height; y++, index += width) {
      const inside = data[index] !== 0;
      if (inside === current) {
        run++;
        continue;
      }
      runs.push(run);
      run = 1;
      current = inside;
    }
  }
  runs.push(run);
  return { size: [height, width], counts: writeRuns(runs) };
}

function readRuns(counts: string): number[] {
  const runs: number[] = [];
  for (let position = 0; position < counts.length; ) {
    let value = 0;
    let shift = 0;
    for (let more = true; more; shift += 5) {
      const group = counts.charCodeAt(position++) - 48;
      value |= (group & 31) << shift;
      more = (group & 32) !== 0;
      if (!more && (group & 16) !== 0) value |= -1 << (shift + 5);
    }
    if (runs.length > 2) value += runs[runs.length - 2] ?? 0;
    runs.push(value);
  }
  return runs;
}

/** Run lengths, zeros first, as pycocotools writes them. */
export function writeRuns(runs: readonly number[]): string {
  let text = '';
  runs.forEach((run, index) => {
    let value = index > 2 ? run - (runs[index - 2] ?? 0) : run;
    for (let more = true; more; ) {
      const group = value & 31;
      value >>= 5;
      more = (group & 16) !== 0 ? value !== -1 : value !== 0;
      text += String.fromCharCode((more ? group | 32 : group) + 48);
    }
  });
  return text;
}
