/** What the first comment of a cell says about it, as in tslab. */
export type CellRole = { kind: 'cell' } | { kind: 'module'; name: string } | { kind: 'browser' };

const FIRST_COMMENT = /^\s*\/\*\*([\s\S]*?)\*\//;
const TAG = /@(module|browser|jsx|tsx)\b(?:[ \t]+([\w-]+))?/g;

export function roleOf(source: string): CellRole {
  const [, comment = ''] = FIRST_COMMENT.exec(source) ?? [];
  for (const [, tag, name] of comment.matchAll(TAG)) {
    if (tag === 'browser') return { kind: 'browser' };
    if (tag === 'module' && name !== undefined) return { kind: 'module', name };
  }
  return { kind: 'cell' };
}
