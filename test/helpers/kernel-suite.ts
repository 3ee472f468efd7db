import { describe, expect, test } from 'vitest';
import { compareKernels, drawJob, type Job, randomNumbers } from './kernel-properties';
import { ensureOpenCv } from './opencv';

interface Bound {
  /** Largest difference from OpenCV or Pillow. */
  readonly largest: number;
  /** Share of samples that differ. */
  readonly share: number;
  readonly channels?: (channels: number) => boolean;
}

interface Kernel {
  readonly name: string;
  readonly kinds: readonly Job['kind'][];
  readonly code: number;
  readonly floats: boolean;
  readonly bounds: readonly Bound[];
}

const exact: readonly Bound[] = [{ largest: 0, share: 0 }];
const within = (largest: number): readonly Bound[] => [{ largest, share: 1 }];
const resizing = ['size', 'factors'] as const;
const isTwo = (channels: number): boolean => channels === 2;
const isNotTwo = (channels: number): boolean => channels !== 2;

/**
 * OpenCV's wheel uses different code for two channels than for one, three and four: less precise for cubic and float32.
 */
const kernels: readonly Kernel[] = [
  { name: 'nearest', kinds: resizing, code: 0, floats: false, bounds: exact },
  { name: 'linear', kinds: resizing, code: 1, floats: false, bounds: exact },
  {
    ...{ name: 'cubic', kinds: resizing, code: 2, floats: false },
    bounds: [
      { largest: 1, share: 1e-3, channels: isNotTwo },
      { largest: 1, share: 0.05, channels: isTwo },
    ],
  },
  { name: 'area', kinds: resizing, code: 3, floats: false, bounds: exact },
  { name: 'lanczos4', kinds: resizing, code: 4, floats: false, bounds: [{ largest: 1, share: 1e-3 }] },
  { name: 'float32 nearest', kinds: resizing, code: 0, floats: true, bounds: exact },
  {
    ...{ name: 'float32 linear', kinds: resizing, code: 1, floats: true },
    bounds: [
      { largest: 6e-5, share: 1, channels: isNotTwo },
      { largest: 8e-3, share: 1, channels: isTwo },
    ],
  },
  { name: 'float32 cubic', kinds: resizing, code: 2, floats: true, bounds: within(8e-3) },
  { name: 'float32 area', kinds: resizing, code: 3, floats: true, bounds: within(1e-4) },
  { name: 'float32 lanczos4', kinds: resizing, code: 4, floats: true, bounds: within(0.05) },
  { name: 'warpAffine', kinds: ['warp'], code: 1, floats: false, bounds: exact },
  { name: 'float32 warpAffine', kinds: ['warp'], code: 1, floats: true, bounds: within(1e-4) },
  ...['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'].map(
    (filter, code): Kernel => ({ name: `Pillow ${filter}`, kinds: ['pillow'], code, floats: false, bounds: exact }),
  ),
];

export interface SweepSize {
  /** Number of pictures for each kernel and call variant. */
  readonly jobs: number;
  /** Longest side. */
  readonly side: number;
  readonly seeds: readonly number[];
}

/** Compares the image kernels with OpenCV and Pillow over random sizes, scales, channels and contents. */
export function describeKernels({ jobs, side, seeds }: SweepSize): void {
  const python = ensureOpenCv();
  describe.skipIf(python === undefined).each(seeds)('kernels against OpenCV and Pillow, seed %i', (seed) => {
    test.each(kernels)('$name', async ({ kinds, code, floats, bounds }) => {
      const random = randomNumbers(seed);
      const drawn = kinds.flatMap((kind) =>
        Array.from({ length: jobs }, () => drawJob(random, kind, code, floats, side)),
      );
      const differences = await compareKernels(python as string, drawn, seed);
      for (const { largest, share, channels } of bounds) {
        const counted = differences.filter(({ job }) => channels?.(job.channels) ?? true);
        const beyond = counted.filter((difference) => difference.largest > largest);
        expect(beyond).toEqual([]);
        const differing = counted.reduce((sum, difference) => sum + difference.differing, 0);
        const samples = counted.reduce((sum, difference) => sum + difference.samples, 0);
        expect(differing / samples).toBeLessThanOrEqual(share);
      }
    });
  });
}
