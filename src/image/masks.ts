import type { Box, RleMask } from '../results';
import { invalidArgument } from '../validate';
import { checkMask } from './check-mask';
import { forEachColumnRun, readRuns, rleArea, writeRuns } from './rle';
import { maskRuns, sharedPixels } from './rle-overlap';
import { RunWriter } from './run-writer';

/**
 * The pixels that are in all of some masks of one image. Nothing is decoded.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 *
 * @example
 * import { masks } from 'paddlelab';
 * const left = masks.fromBox([0, 0, 20, 40], { width: 60, height: 40 });
 * const right = masks.fromBox([10, 0, 30, 40], { width: 60, height: 40 });
 * console.log(masks.area(masks.and(left, right)), masks.box(masks.minus(right, left)));
 */
export function and(first: RleMask, ...others: readonly RleMask[]): RleMask {
  return fold(first, others, (a, b) => a && b);
}

/**
 * The pixels that are in any of some masks of one image.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function or(first: RleMask, ...others: readonly RleMask[]): RleMask {
  return fold(first, others, (a, b) => a || b);
}

/**
 * The pixels of a mask that are in none of the others.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function minus(first: RleMask, ...others: readonly RleMask[]): RleMask {
  return fold(first, others, (a, b) => a && !b);
}

/**
 * The number of pixels in a mask.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function area(mask: RleMask): number {
  checkMask('mask', mask);
  return rleArea(mask);
}

/**
 * The smallest box around the pixels of a mask; undefined if it has none.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function box(mask: RleMask): Box | undefined {
  checkMask('mask', mask);
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  forEachColumnRun(mask, (x, begin, end) => {
    [left, top] = [Math.min(left, x), Math.min(top, begin)];
    [right, bottom] = [Math.max(right, x + 1), Math.max(bottom, end)];
  });
  return right === 0 ? undefined : [left, top, right, bottom];
}

/**
 * The pixels in both masks over those in either, 0 to 1; 0 for two empty masks.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function iou(a: RleMask, b: RleMask): number {
  checkMask('mask', a);
  checkMask('mask', b, a.size);
  const [first, second] = [maskRuns(a), maskRuns(b)];
  const shared = sharedPixels(first, second);
  return shared === 0 ? 0 : shared / (first.area + second.area - shared);
}

/**
 * The mask of a box: the pixels whose centres are in it.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function fromBox(given: Box, image: { readonly width: number; readonly height: number }): RleMask {
  if (!Array.isArray(given) || given.length !== 4 || !given.every(Number.isFinite)) {
    throw invalidArgument('box', 'four finite numbers [x1, y1, x2, y2]', given);
  }
  const { width, height } = image;
  const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.ceil(value - 0.5)));
  const [left, right] = [within(given[0], width), within(given[2], width)];
  const [top, bottom] = [within(given[1], height), within(given[3], height)];
  const runs = new RunWriter();
  if (right > left && bottom > top) {
    runs.add(left * height + top, false);
    for (let x = left; x < right; x++) {
      runs.add(bottom - top, true);
      runs.add(x === right - 1 ? height - bottom : height - bottom + top, false);
    }
    runs.add((width - right) * height, false);
  } else {
    runs.add(width * height, false);
  }
  return { size: [height, width], counts: writeRuns(runs.all()) };
}

type PixelRule = (a: boolean, b: boolean) => boolean;

function fold(first: RleMask, others: readonly RleMask[], rule: PixelRule): RleMask {
  checkMask('mask', first);
  let runs = readRuns(first.counts);
  for (const other of others) {
    checkMask('mask', other, first.size);
    runs = combine(runs, readRuns(other.counts), rule);
  }
  return { size: first.size, counts: writeRuns(runs) };
}

function combine(a: readonly number[], b: readonly number[], rule: PixelRule): number[] {
  const written = new RunWriter();
  let [i, j] = [0, 0];
  let [leftOfA, leftOfB] = [a[0] ?? 0, b[0] ?? 0];
  while (i < a.length && j < b.length) {
    const step = Math.min(leftOfA, leftOfB);
    written.add(step, rule(i % 2 === 1, j % 2 === 1));
    leftOfA -= step;
    leftOfB -= step;
    if (leftOfA === 0) leftOfA = a[++i] ?? 0;
    if (leftOfB === 0) leftOfB = b[++j] ?? 0;
  }
  return written.all();
}
