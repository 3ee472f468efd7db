import { PaddleLabError } from '../errors';
import type { RleMask } from '../results';
import { invalidArgument } from '../validate';
import { readRuns } from './rle';

/** @throws PaddleLabError INVALID_ARGUMENT unless it is a whole mask, of the size if one is given */
export function checkMask(name: string, mask: unknown, size?: RleMask['size']): void {
  const { size: own, counts } = (mask ?? {}) as Partial<RleMask>;
  if (!Array.isArray(own) || own.length !== 2 || !own.every(Number.isSafeInteger) || typeof counts !== 'string') {
    throw invalidArgument(name, 'mask with size and counts', mask);
  }
  const [height, width] = own as unknown as RleMask['size'];
  const runs = readRuns(counts);
  const pixels = runs.reduce((sum, run) => sum + run, 0);
  if (pixels !== height * width || runs.some((run) => !(run >= 0))) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected runs of ${height * width} pixels for ${name}, which is ${width}×${height}, but received runs of ${pixels}`,
    );
  }
  if (size === undefined || (size[0] === height && size[1] === width)) return;
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected masks of one image but received ${size[1]}×${size[0]} and ${width}×${height}`,
  );
}
