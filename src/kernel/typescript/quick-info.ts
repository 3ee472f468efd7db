import { CELLS } from './cell-document';
import type { ServerDiagnostic, ServerPosition } from './diagnostics';

/** The server's answer about a name. */
export interface Hover {
  contents: { value: string };
}

/** The server's answer within the parentheses of a call. */
export interface SignatureHelp {
  signatures: readonly { label: string; documentation?: { value: string } }[];
  activeSignature?: number;
}

/** How a name of an earlier cell comes into this one. */
const IMPORT = new RegExp(`^import [\\w$]+ = ${CELLS}\\.`);

/** A hover as plain text: the type, an empty line, the documentation; undefined if it is empty. */
export function plainHover({ contents }: Hover): string | undefined {
  const [, code = '', rest = ''] = /^```\w*\n([\s\S]*?)\n```\n?([\s\S]*)$/.exec(contents.value.trim()) ?? [];
  const lines = code.split('\n').filter((line) => !IMPORT.test(line));
  const type = lines.join('\n').replace(/^\(alias\) /gm, '');
  return type === '' || type === 'any' ? undefined : joined(type, rest);
}

/** The signatures of a call, the one that fits first, and its documentation. */
export function plainSignatures({ signatures, activeSignature = 0 }: SignatureHelp): string | undefined {
  const active = signatures[activeSignature];
  if (active === undefined) return undefined;
  const others = signatures.filter((each) => each !== active).map(({ label }) => label);
  return joined([active.label, ...others].join('\n'), active.documentation?.value ?? '');
}

/** What the compiler remarks on the code at a position without calling it an error: not needed, or deprecated. */
export function hintsAt(found: readonly ServerDiagnostic[], at: ServerPosition): string[] {
  const isBefore = (a: ServerPosition, b: ServerPosition): boolean =>
    a.line < b.line || (a.line === b.line && a.character <= b.character);
  return found
    .filter(({ tags, range }) => tags !== undefined && isBefore(range.start, at) && isBefore(at, range.end))
    .map(({ message }) => message);
}

export function withHints(info: string, hints: readonly string[]): string {
  return [info, ...(hints.length > 0 ? [hints.join('\n')] : [])].join('\n\n');
}

function joined(type: string, documentation: string): string {
  const text = documentation.trim();
  return text === '' ? type : `${type}\n\n${text}`;
}
