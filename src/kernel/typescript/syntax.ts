import { children, type Node } from './parser';

/** The names that a binding pattern declares. */
export function boundNames(pattern: Node): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'RestElement':
      return boundNames(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : boundNames(element)));
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) => boundNames(each.type === 'RestElement' ? each : each.value));
    default:
      return [];
  }
}

/** Whether something below a node waits, outside of any function. */
export function awaits(node: Node): boolean {
  switch (node.type) {
    case 'AwaitExpression':
      return true;
    case 'ForOfStatement':
      if (node.await) return true;
      break;
    case 'VariableDeclaration':
      if (node.kind === 'await using') return true;
      break;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'StaticBlock':
      return false;
    case 'PropertyDefinition':
    case 'AccessorProperty':
    case 'MethodDefinition':
      // The computed name belongs to the enclosing scope.
      return node.computed && awaits(node.key);
  }
  return children(node).some(awaits);
}
