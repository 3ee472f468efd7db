/**
 * A buffer pool for network inputs. Allocating fresh memory takes about as long as filling it (the system maps it page
 * by page), so the buffers of a finished prediction are reused for the next one.
 */
const mostBytes = 64 * 2 ** 20;

/** Free buffers, the most recent last. */
const free: Float32Array[] = [];
const lent = new WeakSet<Float32Array>();

/** Returns uninitialised floats: the caller must write every element. */
export function takeFromPool(length: number): Float32Array {
  const at = free.findLastIndex((floats) => floats.length === length);
  const [found] = at < 0 ? [] : free.splice(at, 1);
  const floats = found ?? unfilledFloats(length);
  lent.add(floats);
  return floats;
}

/** Returns an array to the pool. Call it when nothing reads the array any more; arrays from elsewhere are ignored. */
export function returnToPool(floats: unknown): void {
  if (!(floats instanceof Float32Array) || !lent.delete(floats)) return;
  free.push(floats);
  while (free.reduce((sum, one) => sum + one.byteLength, 0) > mostBytes) free.shift();
}

/** Without the zero-filling of `new Float32Array`, which would take a large part of the time. */
function unfilledFloats(length: number): Float32Array {
  const bytes = Buffer.allocUnsafeSlow(length * Float32Array.BYTES_PER_ELEMENT);
  return new Float32Array(bytes.buffer, bytes.byteOffset, length);
}
