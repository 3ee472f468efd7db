import type { TypeScriptApi } from './internals';

/**
 * Later cells see everything that a cell declares, so `export` before a declaration is redundant, and the compiler
 * would refuse it as a second export. It is replaced by spaces of the same length.
 */
export function withoutExports(ts: TypeScriptApi, source: string): string {
  if (!source.includes('export')) return source;
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022);
  let text = source;
  for (const statement of file.statements) {
    if (!ts.canHaveModifiers(statement)) continue;
    for (const modifier of ts.getModifiers(statement) ?? []) {
      const isDefault = modifier.kind === ts.SyntaxKind.DefaultKeyword;
      if (modifier.kind !== ts.SyntaxKind.ExportKeyword && !isDefault) continue;
      const start = modifier.getStart(file);
      text = text.slice(0, start) + ' '.repeat(modifier.end - start) + text.slice(modifier.end);
    }
  }
  return text;
}
