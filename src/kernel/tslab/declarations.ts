import type * as TypeScript from '@tslab/typescript-for-tslab';
import type { TypeScriptApi } from './internals';

// The compiler gets the declarations of earlier cells as the text of a declaration file.

/** The names that declarations bring into scope. */
export function declaredNames(ts: TypeScriptApi, declarations: string): Set<string> {
  const names = new Set<string>();
  for (const statement of parse(ts, declarations).statements) {
    for (const { name } of declarators(ts, statement)) names.add(name);
  }
  return names;
}

/**
 * The declarations of the names that match a condition, and all types, since types exist even if their line never ran.
 */
export function filterDeclarations(
  ts: TypeScriptApi,
  declarations: string,
  keep: (name: string) => boolean,
  what: 'all' | 'values' = 'all',
): string {
  const file = parse(ts, declarations);
  const statements = file.statements.filter((statement) => what === 'all' || !declaresType(ts, statement));
  return statements.map((statement) => filterStatement(ts, file, statement, keep)).join('');
}

function declaresType(ts: TypeScriptApi, statement: TypeScript.Statement): boolean {
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
}

interface Declarator {
  name: string;
  node: TypeScript.Node;
}

function filterStatement(
  ts: TypeScriptApi,
  file: TypeScript.SourceFile,
  statement: TypeScript.Statement,
  keep: (name: string) => boolean,
): string {
  const text = statement.getFullText(file);
  if (declaresType(ts, statement)) return text;
  const all = declarators(ts, statement);
  const kept = all.filter(({ name }) => keep(name));
  if (kept.length === all.length) return text;
  if (kept.length === 0) return '';
  const list = kept.map(({ node }) => node.getText(file)).join(', ');
  if (ts.isVariableStatement(statement)) {
    const start = text.slice(0, (all[0]?.node.getStart(file) ?? 0) - statement.getFullStart());
    return `${start}${list};`;
  }
  // An import: its names are filtered one by one.
  return `\nimport { ${list} } from ${(statement as TypeScript.ImportDeclaration).moduleSpecifier.getText(file)};`;
}

function declarators(ts: TypeScriptApi, statement: TypeScript.Statement): Declarator[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap((node) =>
      ts.isIdentifier(node.name) ? [{ name: node.name.text, node }] : [],
    );
  }
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const names: Declarator[] = name === undefined ? [] : [{ name: name.text, node: name }];
    if (namedBindings === undefined) return names;
    const elements = ts.isNamespaceImport(namedBindings) ? [namedBindings] : namedBindings.elements;
    return [...names, ...elements.map((node) => ({ name: node.name.text, node }))];
  }
  const named = statement as TypeScript.DeclarationStatement;
  return named.name !== undefined && ts.isIdentifier(named.name) ? [{ name: named.name.text, node: named }] : [];
}

function parse(ts: TypeScriptApi, text: string): TypeScript.SourceFile {
  return ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.ES2022, true);
}
