import type { Precision } from '../inference/config/precision';

/** Differences that the arithmetic of a precision explains. */
export interface Tolerance {
  /** For scores, and for elements relative to the largest. */
  readonly value: number;
  readonly boxPixels: number;
  readonly maskIou: number;
  readonly pixels: number;
  readonly jointPixels: number;
}

/**
 * float32 with other kernels: this library's own tolerance against Paddle's scripts; measured differences are a
 * hundredth of it. Half precisions have 11 and 8 bits. `same` kernels with the same weights returned identical bits in
 * every test.
 */
export const tolerances: Readonly<Record<Precision | 'same', Tolerance>> = {
  same: { value: 1e-7, boxPixels: 1e-3, maskIou: 0.99999, pixels: 1, jointPixels: 1e-3 },
  fp32: { value: 1e-4, boxPixels: 0.05, maskIou: 0.999, pixels: 0.9999, jointPixels: 0.5 },
  fp16: { value: 1e-2, boxPixels: 2, maskIou: 0.97, pixels: 0.999, jointPixels: 1 },
  bf16: { value: 5e-2, boxPixels: 4, maskIou: 0.95, pixels: 0.999, jointPixels: 2 },
  int8: { value: 1e-1, boxPixels: 6, maskIou: 0.9, pixels: 0.995, jointPixels: 3 },
};
