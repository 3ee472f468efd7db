/** Where binary data was in a state: names and indices that lead to it. */
export type BufferPath = readonly (string | number)[];

type Container = Record<string | number, unknown>;

/** Binary data travels beside the state; takes it out of a copy. */
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
    // An entry that was taken is left out, but an item of a list keeps its place.
    return Object.fromEntries(entries.filter(([name]) => !((value as Container)[name] instanceof Uint8Array)));
  };
  return { state: take(state, []), paths, buffers };
}

/** Puts binary data that came beside a state into it. */
export function putBuffers(state: object, paths: readonly BufferPath[], buffers: readonly Uint8Array[]): void {
  for (const [index, path] of paths.entries()) {
    const [last, ...way] = [...path].reverse();
    const parent = way.reduceRight<unknown>((value, name) => (value as Container | undefined)?.[name], state);
    // What leads into a prototype is no place of a state.
    const isPlace = parent !== null && typeof parent === 'object' && last !== undefined && !path.includes('__proto__');
    if (isPlace && buffers[index] !== undefined) (parent as Container)[last] = buffers[index];
  }
}
