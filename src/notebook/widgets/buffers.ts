/** The path to binary data in a state: keys and indices. */
export type BufferPath = readonly (string | number)[];

type Container = Record<string | number, unknown>;

/** Returns a copy of the state without its binary data, which is sent separately. */
export function takeBuffers(state: unknown): { state: unknown; paths: BufferPath[]; buffers: Uint8Array[] } {
  const paths: BufferPath[] = [];
  const buffers: Uint8Array[] = [];
  const take = (value: unknown, path: BufferPath): unknown => {
    if (value instanceof Uint8Array) {
      paths.push(path);
      buffers.push(value);
      return null;
    }
    if (Array.isArray(value)) return value.map((item, index) => take(item, [...path, index]));
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value).map(([name, part]) => [name, take(part, [...path, name])] as const);
    // A removed entry of an object is dropped, but a list item leaves a placeholder.
    return Object.fromEntries(entries.filter(([name]) => !((value as Container)[name] instanceof Uint8Array)));
  };
  return { state: take(state, []), paths, buffers };
}

/** Inserts separately sent binary data into a state. */
export function putBuffers(state: object, paths: readonly BufferPath[], buffers: readonly Uint8Array[]): void {
  for (const [index, path] of paths.entries()) {
    const [last, ...way] = [...path].reverse();
    const parent = way.reduceRight<unknown>((value, name) => (value as Container | undefined)?.[name], state);
    // Refuses paths into a prototype.
    const isPlace = parent !== null && typeof parent === 'object' && last !== undefined && !path.includes('__proto__');
    if (isPlace && buffers[index] !== undefined) (parent as Container)[last] = buffers[index];
  }
}
