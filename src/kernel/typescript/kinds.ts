import type { NameKind } from './cell-syntax';

/** The protocol's kinds of candidates, in the compiler's words. */
const SERVER_KINDS: Readonly<Record<number, string>> = {
  2: 'method',
  3: 'function',
  4: 'constructor',
  5: 'property',
  6: 'var',
  7: 'class',
  8: 'interface',
  9: 'module',
  10: 'property',
  13: 'enum',
  14: 'keyword',
  20: 'enum member',
  21: 'const',
  22: 'type',
  25: 'type parameter',
};

const OWN_KINDS: Readonly<Record<NameKind, string>> = {
  variable: 'let',
  constant: 'const',
  function: 'function',
  class: 'class',
  enum: 'enum',
  namespace: 'module',
  type: 'type',
  import: 'alias',
};

/** The compiler's word for a kind; empty if there is none. */
export function kindName(kind: number | NameKind | undefined): string {
  return (typeof kind === 'string' ? OWN_KINDS[kind] : SERVER_KINDS[kind ?? 0]) ?? '';
}
