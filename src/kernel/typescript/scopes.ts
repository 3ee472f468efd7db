import { children, type Node } from './parser';
import { boundNames } from './syntax';

/** The names that the scope of a node declares; undefined if the node has no scope of its own. */
export function scopeOf(node: Node): Set<string> | undefined {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const names = new Set(node.params.flatMap((each) => boundNames(each as Node)));
      if (node.type === 'FunctionExpression' && node.id !== null) names.add(node.id.name);
      if (node.type !== 'ArrowFunctionExpression') names.add('arguments');
      if (node.body === null) return names;
      if (node.body.type === 'BlockStatement') for (const name of blockNames(node.body.body)) names.add(name);
      return addHoisted(node.body, names);
    }
    case 'ClassDeclaration':
    case 'ClassExpression':
      return new Set(node.id === null ? [] : [node.id.name]);
    case 'CatchClause':
      return new Set(node.param === null ? [] : boundNames(node.param));
    case 'ForStatement':
      return node.init === null ? undefined : blockNames([node.init]);
    case 'ForInStatement':
    case 'ForOfStatement':
      return blockNames([node.left]);
    case 'BlockStatement':
      return blockNames(node.body);
    case 'StaticBlock':
      return addHoistedIn(node, blockNames(node.body));
    case 'SwitchStatement':
      return blockNames(node.cases.flatMap(({ consequent }) => consequent));
    default:
      return undefined;
  }
}

/** The names of a script's own scope. */
export function scriptNames(body: readonly Node[]): Set<string> {
  const names = blockNames(body);
  for (const statement of body) addHoisted(statement, names);
  return names;
}

/** Names declared by `let`, `const`, `using`, classes and functions directly in a block. */
function blockNames(body: readonly Node[]): Set<string> {
  const names = new Set<string>();
  for (const node of body) {
    if (node.type === 'VariableDeclaration' && node.kind !== 'var') {
      for (const { id } of node.declarations) for (const name of boundNames(id)) names.add(name);
    } else if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id !== null) {
      names.add(node.id.name);
    }
  }
  return names;
}

/** Adds names declared by `var` at any depth, except in inner functions. */
function addHoisted(node: Node, names: Set<string>): Set<string> {
  if (node.type === 'VariableDeclaration' && node.kind === 'var') {
    for (const { id } of node.declarations) for (const name of boundNames(id)) names.add(name);
  }
  return isFunction(node) || node.type === 'StaticBlock' ? names : addHoistedIn(node, names);
}

function addHoistedIn(node: Node, names: Set<string>): Set<string> {
  for (const child of children(node)) addHoisted(child, names);
  return names;
}

export function isFunction(node: Node): boolean {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}
