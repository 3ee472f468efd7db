import type * as TypeScript from '@tslab/typescript-for-tslab';
import { bindSourceFile, type TypeScriptApi } from './internals';

type Container = TypeScript.Node & { locals?: Map<string, unknown> };

/** The names that a bound module exports; tslab makes the compiler export everything that a cell declares. */
export function topLevelNames(ts: TypeScriptApi, file: TypeScript.SourceFile): Set<string> {
  bindSourceFile(ts, file, {});
  const names = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      for (const { name, propertyName } of statement.exportClause.elements) names.add((propertyName ?? name).text);
    }
    // The variable in which tslab stores the last value.
    if (ts.isVariableStatement(statement) && statement.modifiers?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword)) {
      for (const { name } of statement.declarationList.declarations) if (ts.isIdentifier(name)) names.add(name.text);
    }
  }
  return names;
}

/** Whether an identifier refers to a known name that is not shadowed by a scope inside the cell. */
export function isReferenceToTop(
  ts: TypeScriptApi,
  node: TypeScript.Identifier,
  isKnown: (name: string) => boolean,
): boolean {
  return isKnown(node.text) && isReference(ts, node) && !isHidden(ts, node);
}

/** Whether an identifier refers to a value, and is not the name of a property, label or declaration. */
function isReference(ts: TypeScriptApi, node: TypeScript.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isPropertyDeclaration(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent) || ts.isVariableDeclaration(parent) || ts.isParameter(parent)) {
    return parent.initializer === node;
  }
  if (ts.isFunctionLike(parent) && parent.name === node) return false;
  if (ts.isArrowFunction(parent)) return parent.body === node;
  if (ts.isClassLike(parent)) return parent.name !== node;
  return !(
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent) ||
    ts.isMetaProperty(parent) ||
    ts.isExportSpecifier(parent)
  );
}

function isHidden(ts: TypeScriptApi, node: TypeScript.Identifier): boolean {
  for (let scope: TypeScript.Node = node.parent; !ts.isSourceFile(scope); scope = scope.parent) {
    if ((scope as Container).locals?.has(node.text)) return true;
    // The name of a class or of a function expression is in scope inside it.
    if ((ts.isFunctionExpression(scope) || ts.isClassLike(scope)) && scope.name?.text === node.text) return true;
  }
  return false;
}
