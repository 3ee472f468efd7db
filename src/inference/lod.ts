import { invalidArgument } from '../validate';

/**
 * Refuses inconsistent sequence offsets, because Paddle uses them without checks: each level must start at 0, never
 * decrease, and end where the next level, or the tensor, ends.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function checkLod(name: string, lod: readonly (readonly number[])[], rows: number): void {
  if (!Array.isArray(lod)) throw invalidArgument(name, 'array of arrays of offsets', lod);
  lod.forEach((offsets: unknown, level) => {
    const next: unknown = lod[level + 1];
    const end = level === lod.length - 1 ? rows : Array.isArray(next) ? next.length - 1 : -1;
    if (!isLevel(offsets, end)) {
      throw invalidArgument(
        `${name}[${level}]`,
        `offsets from 0 to ${end} that never decrease`,
        JSON.stringify(offsets),
      );
    }
  });
}

function isLevel(offsets: unknown, end: number): boolean {
  if (!Array.isArray(offsets) || offsets.length < 2 || offsets[0] !== 0 || offsets.at(-1) !== end) return false;
  return offsets.every((offset, i) => Number.isSafeInteger(offset) && (i === 0 || offset >= offsets[i - 1]));
}
