import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { RgbImage } from '../../src/image/image';

const root = path.join(__dirname, '..', '..');

/** The similarity of two pictures: 1 is identical. */
export interface Likeness {
  /** Mean structural similarity over all windows and channels. */
  readonly mean: number;
  /** The least similar window: a small missing detail hardly changes the mean. */
  readonly worst: number;
}

const windowSide = 8;

/** Structural similarity (Wang et al. 2004) over uniform 8×8 windows, every 4 pixels, in each channel. */
export function structuralSimilarity(a: RgbImage, b: RgbImage): Likeness {
  if (a.width !== b.width || a.height !== b.height) return { mean: 0, worst: 0 };
  let sum = 0;
  let count = 0;
  let worst = 1;
  for (let top = 0; top + windowSide <= a.height; top += windowSide / 2) {
    for (let left = 0; left + windowSide <= a.width; left += windowSide / 2) {
      for (let channel = 0; channel < 3; channel++) {
        const value = windowSimilarity(a, b, (top * a.width + left) * 3 + channel);
        sum += value;
        count++;
        worst = Math.min(worst, value);
      }
    }
  }
  return { mean: sum / count, worst };
}

function windowSimilarity(a: RgbImage, b: RgbImage, offset: number): number {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let y = 0; y < windowSide; y++) {
    for (let x = 0; x < windowSide; x++) {
      const index = offset + (y * a.width + x) * 3;
      const valueA = a.data[index] ?? 0;
      const valueB = b.data[index] ?? 0;
      sumA += valueA;
      sumB += valueB;
      squaresA += valueA * valueA;
      squaresB += valueB * valueB;
      products += valueA * valueB;
    }
  }
  const count = windowSide * windowSide;
  const [meanA, meanB] = [sumA / count, sumB / count];
  const [varianceA, varianceB] = [squaresA / count - meanA ** 2, squaresB / count - meanB ** 2];
  const covariance = products / count - meanA * meanB;
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  const contrast = (2 * covariance + c2) / (varianceA + varianceB + c2);
  return ((2 * meanA * meanB + c1) / (meanA ** 2 + meanB ** 2 + c1)) * contrast;
}

/** An image file's pixels. */
export async function readPixels(file: string): Promise<RgbImage> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/**
 * Fails unless the picture equals the committed one, exactly or (with another version of the renderer) visually.
 *
 * A different picture is saved in `out/pictures/`; if the change is intended, check it and copy it over the old one.
 */
export async function expectPicture(actual: RgbImage, expectedFile: string): Promise<void> {
  const missing = !existsSync(expectedFile);
  const likeness = missing ? { mean: 0, worst: 0 } : await compareWith(actual, expectedFile);
  if (likeness.mean >= 0.99 && likeness.worst >= 0.6) return;
  const review = path.join(root, 'out', 'pictures', path.basename(expectedFile));
  await mkdir(path.dirname(review), { recursive: true });
  const raw = { width: actual.width, height: actual.height, channels: 3 } as const;
  await sharp(actual.data, { raw }).png({ compressionLevel: 9 }).toFile(review);
  const name = path.relative(root, expectedFile);
  const why = missing
    ? 'there is none yet'
    : `similarity ${likeness.mean.toFixed(4)}, worst window ${likeness.worst.toFixed(2)}`;
  throw new Error(`Picture differs from ${name} (${why}); look at ${review} and copy it there if it is right`);
}

async function compareWith(actual: RgbImage, expectedFile: string): Promise<Likeness> {
  const expected = await readPixels(expectedFile);
  const same = expected.width === actual.width && Buffer.compare(expected.data, actual.data) === 0;
  return same ? { mean: 1, worst: 1 } : structuralSimilarity(actual, expected);
}
