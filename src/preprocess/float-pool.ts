/**
 * Memory for network inputs. Fresh memory costs about as much time as filling it (the system hands it out page by page),
 * so that what a prediction is done with serves the next one.
 */
const mostBytes = 64 * 2 ** 20;

/** Given back and free, the latest last. */
const free: Float32Array[] = [];
const lent = new WeakSet<Float32Array>();

/** Floats of any value: every one of them has to be written. */
export function takeFromPool(length: number): Float32Array {
  const at = free.findLastIndex((floats) => floats.length === length);
  const [found] = at < 0 ? [] : free.splice(at, 1);
  const floats = found ?? unfilledFloats(length);
  lent.add(floats);
  return floats;
}

/** Call it once the array has no reader left; arrays from elsewhere are ignored. */
export function returnToPool(floats: unknown): void {
  if (!(floats instanceof Float32Array) || !lent.delete(floats)) return;
  free.push(floats);
  while (free.reduce((sum, one) => sum + one.byteLength, 0) > mostBytes) free.shift();
}

/** Without the zeros of `new Float32Array`, which cost as much as a good part of the work. */
function unfilledFloats(length: number): Float32Array {
  const bytes = Buffer.allocUnsafeSlow(length * Float32Array.BYTES_PER_ELEMENT);
  return new Float32Array(bytes.buffer, bytes.byteOffset, length);
}
