import type { NameKind } from './cell-syntax';
import type { Node } from './parser';

/** Whether a declaration adds to an earlier one. */
export function isMerging(kind: NameKind): boolean {
  return kind === 'enum' || kind === 'namespace';
}

/** Whether variables are declared in the head of a loop. */
export function isLoopHead(list: Node, parent: Node | undefined): boolean {
  if (parent?.type === 'ForStatement') return parent.init === list;
  return (parent?.type === 'ForInStatement' || parent?.type === 'ForOfStatement') && parent.left === list;
}

/** Whether a function or class without a name gets that of its variable. */
export function takesName(node: Node): boolean {
  if (node.type === 'ArrowFunctionExpression') return true;
  return (node.type === 'FunctionExpression' || node.type === 'ClassExpression') && node.id === null;
}

/** Whether an identifier stands for a value, and is not the name of a property, label or declaration. */
export function isReference(node: Node, parent: Node): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return parent.object === node || parent.computed;
    case 'Property':
    case 'PropertyDefinition':
    case 'AccessorProperty':
    case 'MethodDefinition':
      return parent.value === node || parent.computed;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return parent.id !== node;
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return false;
    default:
      return true;
  }
}
