const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

export function widenBfloat16(buffer: ArrayBuffer): Float32Array {
  const halves = new Uint16Array(buffer);
  const wide = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) wide[i] = (halves[i] as number) << 16;
  return new Float32Array(wide.buffer);
}

export function widenFloat16(buffer: ArrayBuffer): Float32Array {
  const halves = new Uint16Array(buffer);
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

/** Rounds to the nearest bfloat16, ties to even. */
export function packBfloat16(data: ArrayLike<unknown>): Uint16Array {
  return Uint16Array.from({ length: data.length }, (_, i) => {
    const raw = bitsOf(data[i]);
    if ((raw & 0x7fffffff) > 0x7f800000) return (raw >>> 16) | 0x40;
    return (raw + 0x7fff + ((raw >>> 16) & 1)) >>> 16;
  });
}

/** Rounds to the nearest float16, ties to even; values that are too large become infinite. */
export function packFloat16(data: ArrayLike<unknown>): Uint16Array {
  return Uint16Array.from({ length: data.length }, (_, i) => halfOf(bitsOf(data[i])));
}

function halfOf(raw: number): number {
  const sign = (raw >>> 16) & 0x8000;
  const magnitude = raw & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // From 65520 on, the nearest float16 is infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal numbers: steps of 2^-24; the product is exact in `Math.fround`.
    return sign | roundToEven(Math.abs(floatOf(magnitude)) * 2 ** 24);
  }
  const rebased = magnitude - 0x38000000;
  return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

function bitsOf(value: unknown): number {
  float[0] = Number(value);
  return bits[0] as number;
}

function floatOf(raw: number): number {
  bits[0] = raw;
  return float[0] as number;
}
