/** The elements of a BYTES tensor as bytes: each has its length before it, in four bytes. */
export function packByteStrings(elements: readonly Uint8Array[]): Buffer {
  const size = elements.reduce((sum, { length }) => sum + 4 + length, 0);
  const packed = Buffer.allocUnsafe(size);
  let at = 0;
  for (const element of elements) {
    at = packed.writeUInt32LE(element.length, at);
    packed.set(element, at);
    at += element.length;
  }
  return packed;
}

/** The elements again; undefined if the lengths do not fit the bytes. */
export function unpackByteStrings(packed: Buffer): Buffer[] | undefined {
  const elements: Buffer[] = [];
  let at = 0;
  while (at < packed.length) {
    if (at + 4 > packed.length) return undefined;
    const end = at + 4 + packed.readUInt32LE(at);
    if (end > packed.length) return undefined;
    elements.push(packed.subarray(at + 4, end));
    at = end;
  }
  return elements;
}
