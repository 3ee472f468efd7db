import { checkOneOf } from '../../validate';

/** Arithmetic of an engine: 32-bit float, 16-bit float, bfloat16 or 8-bit integers. */
export type Precision = 'fp32' | 'fp16' | 'bf16' | 'int8';

/** Paddle's PrecisionType numbers. */
const precisionCodes: Record<Precision, number> = { fp32: 0, int8: 1, fp16: 2, bf16: 3 };
export const precisions = Object.keys(precisionCodes) as Precision[];

/** Checks a precision and returns Paddle's number for it. */
export function precisionCode(name: string, precision: Precision): number {
  return precisionCodes[checkOneOf(name, precision, precisions)];
}

/** The precision for Paddle's number. */
export function precisionFromCode(code: number): Precision {
  return precisions.find((name) => precisionCodes[name] === code) ?? 'fp32';
}
