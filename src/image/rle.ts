import type { RleMask } from '../results';

/** A binary mask: rows from the top, one byte per pixel, 0 or 1. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The part of a mask inside its bounding rectangle, in image pixels; empty if the mask is empty. */
export interface MaskRegion extends Bitmap {
  readonly left: number;
  readonly top: number;
}

/** Decodes COCO's compressed run-length encoding (pycocotools) into a row-major bitmap. */
export function decodeRle(mask: RleMask): Bitmap {
  const [height, width] = mask.size;
  const data = new Uint8Array(width * height);
  forEachColumnRun(mask, (x, begin, end) => {
    for (let index = begin * width + x; index < end * width; index += width) data[index] = 1;
  });
  return { width, height, data };
}

/** Decodes only the bounding rectangle of the set pixels. */
export function decodeRegion(mask: RleMask): MaskRegion {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  forEachColumnRun(mask, (x, begin, end) => {
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, begin);
    bottom = Math.max(bottom, end);
  });
  if (right === 0) return { left: 0, top: 0, width: 0, height: 0, data: new Uint8Array(0) };
  const width = right - left;
  const height = bottom - top;
  const data = new Uint8Array(width * height);
  forEachColumnRun(mask, (x, begin, end) => {
    for (let y = begin - top; y < end - top; y++) data[y * width + x - left] = 1;
  });
  return { left, top, width, height, data };
}

/** Calls a function for each run of set pixels within a column, from row `begin` up to `end`. */
export function forEachColumnRun(mask: RleMask, visit: (x: number, begin: number, end: number) => void): void {
  const [height, width] = mask.size;
  let position = 0;
  readRuns(mask.counts).forEach((run, index) => {
    const end = Math.min(position + run, width * height);
    if (index % 2 === 1) {
      for (let at = position; at < end; ) {
        const x = Math.floor(at / height);
        const next = Math.min(end, (x + 1) * height);
        visit(x, at - x * height, next - x * height);
        at = next;
      }
    }
    position = end;
  });
}

/** Number of set pixels, without decoding the mask. */
export function rleArea(mask: RleMask): number {
  return readRuns(mask.counts).reduce((sum, run, index) => (index % 2 === 1 ? sum + run : sum), 0);
}

/** Encodes a row-major bitmap (non-zero means inside) as COCO's compressed run lengths. */
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

/** Lengths of runs down the columns, zeros first. */
export function readRuns(counts: string): number[] {
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
