import { expect, test } from 'vitest';
import { packBfloat16, packFloat16, widenBfloat16, widenFloat16 } from '../../src/inference/half-floats';

const all = Uint16Array.from({ length: 65_536 }, (_, i) => i);

test('every 16-bit float survives being widened and packed again', () => {
  const isNaN16 = (half: number): boolean => (half & 0x7fff) > 0x7c00;
  const isNaNB16 = (half: number): boolean => (half & 0x7fff) > 0x7f80;
  for (const [widen, pack, isNotANumber] of [
    [widenFloat16, packFloat16, isNaN16],
    [widenBfloat16, packBfloat16, isNaNB16],
  ] as const) {
    const packed = pack(widen(all.buffer));
    const wrong = all.filter((half) => (isNotANumber(half) ? !isNotANumber(packed[half]!) : packed[half] !== half));
    expect(wrong).toEqual(new Uint16Array(0));
  }
});

test('halfway values go to the even neighbour, and what is too large to infinity', () => {
  const between = (a: number, b: number): number[] => Array.from(packFloat16([(a + b) / 2]));
  const [one, next, afterNext] = widenFloat16(Uint16Array.of(0x3c00, 0x3c01, 0x3c02).buffer);
  expect(between(one!, next!)).toEqual([0x3c00]);
  expect(between(next!, afterNext!)).toEqual([0x3c02]);
  expect(Array.from(packFloat16([65_519, 65_520, -1e9, 2 ** -25, 3 * 2 ** -25, Number.NaN]))).toEqual([
    ...[0x7bff, 0x7c00, 0xfc00, 0, 2, 0x7e00],
  ]);
  expect(Array.from(packBfloat16([1 + 2 ** -8, 1 + 3 * 2 ** -8, Number.NaN]))).toEqual([0x3f80, 0x3f82, 0x7fc0]);
});
