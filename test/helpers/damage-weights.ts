/** The ranges of the float32 weights in a parameter file, `[from, to]` in bytes. */
export function weightRanges(params: Uint8Array): [number, number][] {
  const view = new DataView(params.buffer, params.byteOffset, params.byteLength);
  const ranges: [number, number][] = [];
  for (let at = 0; at < params.length; ) {
    let levels = Number(view.getBigUint64(at + 4, true));
    at += 12;
    for (; levels > 0; levels--) at += 8 + Number(view.getBigUint64(at, true));
    const description = view.getInt32(at + 4, true);
    const { count, isFloat } = readDescription(params.subarray(at + 8, at + 8 + description));
    at += 8 + description;
    // The models that tests damage only have float32 and int64.
    const end = at + count * (isFloat ? 4 : 8);
    if (isFloat) ranges.push([at, end]);
    at = end;
  }
  return ranges;
}

/** A protobuf with the element type (field 1) and the extents (field 2). */
function readDescription(bytes: Uint8Array): { count: number; isFloat: boolean } {
  const float32 = 5;
  let [count, isFloat, at] = [1, true, 0];
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * factor;
      factor *= 128;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const field = varint() >> 3;
    const value = varint();
    if (field === 1) isFloat = value === float32;
    else count *= value;
  }
  return { count, isFloat };
}

/** Flips the lowest bits of every float32 weight: a change of at most `2 ** (bits - 23)` of its value. */
export function damageLowBits(params: Uint8Array, bits: number): Uint8Array {
  const damaged = Uint8Array.from(params);
  const view = new DataView(damaged.buffer);
  for (const [from, to] of weightRanges(params)) {
    for (let at = from; at < to; at += 4) view.setUint32(at, view.getUint32(at, true) ^ (2 ** bits - 1), true);
  }
  return damaged;
}
