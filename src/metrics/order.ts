/** Below this length a comparison sort is as fast. */
const radixFrom = 2048;
const digits = 65_536;

/** Indices by falling score; equal ones in their order, as numpy's `argsort(-scores, kind='mergesort')`. */
export function byFallingScore(scores: Float64Array): Uint32Array {
  const order = Uint32Array.from({ length: scores.length }, (_, index) => index);
  if (scores.length < radixFrom) return order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  // A radix sort of the numbers' bits, 16 at a time: some 20 ms for 500 000, where comparing takes half a second.
  const bits = new Uint16Array(fallingBits(scores).buffer);
  let from = order;
  let to = new Uint32Array(scores.length);
  for (let digit = 0; digit < 4; digit++) {
    const starts = new Uint32Array(digits + 1);
    for (let i = 0; i < from.length; i++) {
      const value = bits[i * 4 + digit] as number;
      starts[value + 1] = (starts[value + 1] as number) + 1;
    }
    for (let value = 0; value < digits; value++) {
      starts[value + 1] = (starts[value + 1] as number) + (starts[value] as number);
    }
    for (let i = 0; i < from.length; i++) {
      const index = from[i] as number;
      const value = bits[index * 4 + digit] as number;
      const place = starts[value] as number;
      starts[value] = place + 1;
      to[place] = index;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Bits that sort ascending as unsigned numbers where the scores fall. */
function fallingBits(scores: Float64Array): BigUint64Array {
  const bits = new BigUint64Array(scores.length);
  const numbers = new Float64Array(bits.buffer);
  // −0 and 0 are equal.
  for (let i = 0; i < scores.length; i++) numbers[i] = (scores[i] as number) + 0;
  const words = new Uint32Array(bits.buffer);
  for (let i = 0; i < scores.length; i++) {
    const high = words[2 * i + 1] as number;
    // A negative number's bits rise with its size; a positive one's are inverted instead.
    if (high >>> 31 === 1) continue;
    words[2 * i] = ~(words[2 * i] as number);
    words[2 * i + 1] = ~high ^ 0x80000000;
  }
  return bits;
}
