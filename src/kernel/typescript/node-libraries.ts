/** The compiler's libraries after ES2023 in order, each with a feature that only a JavaScript engine with all of it has. */
const FEATURES: readonly (readonly [library: string, object: object, feature: string])[] = [
  ['es2024.arraybuffer', ArrayBuffer.prototype, 'transfer'],
  ['es2024.collection', Map, 'groupBy'],
  ['es2024.object', Object, 'groupBy'],
  ['es2024.promise', Promise, 'withResolvers'],
  ['es2024.regexp', RegExp.prototype, 'unicodeSets'],
  ['es2024.sharedmemory', SharedArrayBuffer.prototype, 'grow'],
  ['es2024.string', String.prototype, 'isWellFormed'],
  ['es2025.collection', Set.prototype, 'union'],
  ['es2025.float16', globalThis, 'Float16Array'],
  ['es2025.intl', Intl, 'DurationFormat'],
  ['es2025.iterator', globalThis, 'Iterator'],
  ['es2025.promise', Promise, 'try'],
  ['es2025.regexp', RegExp, 'escape'],
  ['esnext.array', Array, 'fromAsync'],
  ['esnext.collection', Map.prototype, 'getOrInsert'],
  ['esnext.disposable', globalThis, 'DisposableStack'],
  ['esnext.error', Error, 'isError'],
  ['esnext.sharedmemory', Atomics, 'pause'],
  ['esnext.temporal', globalThis, 'Temporal'],
  ['esnext.date', Date.prototype, 'toTemporalInstant'],
  ['esnext.typedarrays', Uint8Array.prototype, 'toHex'],
];

/** The libraries whose features this Node has. */
export function librariesOfNode(): string[] {
  return ['es2023', ...FEATURES.flatMap(([library, object, feature]) => (feature in object ? [library] : []))];
}

/** The newest language version that this Node runs as a whole, for the emitted code. */
export function languageOfNode(): 'es2022' | 'es2024' {
  return 'withResolvers' in Promise && 'transfer' in ArrayBuffer.prototype ? 'es2024' : 'es2022';
}

/** The newest one whose syntax can be checked: newer syntax is compiled, but regular expressions are not. */
export function syntaxOfNode(): 'es2024' | 'es2025' {
  // Engines with `Promise.try` also have modifiers in regular expressions.
  return 'try' in Promise ? 'es2025' : 'es2024';
}
