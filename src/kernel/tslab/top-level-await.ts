import type * as TypeScript from '@tslab/typescript-for-tslab';
import type { TypeScriptApi } from './internals';

/** Whether a cell awaits something outside of any function, so that it must run as an async function. */
export function hasTopLevelAwait(ts: TypeScriptApi, source: string): boolean {
  if (!source.includes('await')) return false;
  // Parsed as a module, as tslab does; otherwise `await` would be an ordinary name.
  const file = ts.createSourceFile('cell.ts', `export {};\n${source}`, ts.ScriptTarget.ES2022, true);
  return awaits(ts, file);
}

function awaits(ts: TypeScriptApi, node: TypeScript.Node): boolean {
  if (ts.isAwaitExpression(node)) return true;
  if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) return true;
  if (ts.isClassStaticBlockDeclaration(node) || ts.isPropertyDeclaration(node)) {
    return nameAwaits(ts, node);
  }
  // An `await` in a function body belongs to the function, but one in a computed name belongs to the enclosing scope.
  if (ts.isFunctionLike(node)) return nameAwaits(ts, node);
  return ts.forEachChild(node, (child) => awaits(ts, child) || undefined) ?? false;
}

function nameAwaits(ts: TypeScriptApi, node: TypeScript.Node): boolean {
  const name = (node as TypeScript.NamedDeclaration).name;
  return name !== undefined && ts.isComputedPropertyName(name) && awaits(ts, name);
}
