import { RUNTIME } from '../cell-executor';
import { type EditedText, Edits } from '../compiler/edits';
import type { DeclaredName } from './cell-syntax';
import { children, type Node, parse, type Statement } from './parser';
import { isLoopHead, isMerging, isReference, takesName } from './references';
import { isFunction, scopeOf, scriptNames } from './scopes';

export interface RewriteOptions {
  /** The names that the cell declares. */
  declared: ReadonlyMap<string, DeclaredName>;
  /** Whether an earlier cell has declared a name, or it is a helper. */
  isKnown(name: string): boolean;
}

type Of<Type extends Node['type']> = Extract<Node, { type: Type }>;

/**
 * Makes the top-level names of a cell's JavaScript properties of `exports`.
 *
 * With one shared object, closures and later cells see the same variable, and a failing cell keeps the names that it
 * has assigned so far.
 */
export function rewriteScript(javaScript: string, options: RewriteOptions): EditedText {
  return new ScriptRewriter(javaScript, options).run();
}

class ScriptRewriter {
  private readonly edits: Edits;
  /** The scopes around the current node, without that of the script. */
  private readonly scopes: Set<string>[] = [];
  /** How many functions the current node is in; static blocks of classes count, too. */
  private functions = 0;
  /** The compiler's own helpers in the script. */
  private readonly local: Set<string>;
  private readonly body: readonly Statement[];

  constructor(
    private readonly text: string,
    private readonly options: RewriteOptions,
  ) {
    this.edits = new Edits(text);
    this.body = parse(text, 'js').program.body;
    this.local = new Set([...scriptNames(this.body)].filter((name) => !this.isOwn(name)));
  }

  run(): EditedText {
    // Before all other changes: several may be at the script's first character.
    this.edits.insert(0, this.declareAnew() + this.hoistFunctions());
    for (const statement of this.body) this.statement(statement);
    return this.edits.apply();
  }

  /** Enums and namespaces are compiled to code that would add to an earlier one of the same name. */
  private declareAnew(): string {
    const names = [...this.options.declared].filter(([, { kind, isValue }]) => isValue && isMerging(kind));
    return names.map(([name]) => `exports.${name} = void 0; `).join('');
  }

  /** Functions can be called before their line. */
  private hoistFunctions(): string {
    const names = this.body.flatMap((node) => (node.type === 'FunctionDeclaration' && node.id ? [node.id.name] : []));
    return names
      .filter((name) => this.isOwn(name))
      .map((name) => `exports.${name} = ${name}; `)
      .join('');
  }

  private statement(node: Statement): void {
    if (node.type === 'ExportNamedDeclaration' && node.declaration === null) {
      this.edits.replace(node.start, node.end, '');
      return;
    }
    if (node.type === 'ImportDeclaration') {
      this.helperImport(node);
      return;
    }
    if (node.type === 'ClassDeclaration' && node.id !== null && this.isOwn(node.id.name)) {
      this.edits.insert(node.start, `exports.${node.id.name} = `);
      this.edits.insert(node.end, ';');
    }
    this.visit(node, undefined);
  }

  /** The functions that JSX is compiled to. */
  private helperImport({ specifiers, source, start, end }: Of<'ImportDeclaration'>): void {
    const names = specifiers.map(({ local, ...each }) => {
      const imported =
        each.type === 'ImportSpecifier' && each.imported.type === 'Identifier' ? each.imported.name : 'default';
      return `${imported}: ${local.name}`;
    });
    this.edits.replace(start, end, `const { ${names.join(', ')} } = require(${JSON.stringify(source.value)});`);
  }

  private visit(node: Node, parent: Node | undefined): void {
    if (node.type === 'VariableDeclaration' && this.isTopLevel(node, parent)) {
      this.variables(node, parent);
      return;
    }
    if (node.type === 'CallExpression' || node.type === 'TaggedTemplateExpression') this.call(node);
    if (node.type === 'ImportExpression')
      this.edits.replace(node.start, node.start + 'import'.length, `${RUNTIME}.import`);
    if (node.type === 'MetaProperty') {
      if (node.meta.name === 'import') this.edits.replace(node.start, node.end, `${RUNTIME}.meta`);
      return;
    }
    if (node.type === 'Property' && node.shorthand) {
      this.shorthand(node);
      return;
    }
    if (node.type === 'Identifier') {
      if (parent !== undefined && isReference(node, parent) && this.isTop(node.name)) {
        this.edits.insert(node.start, 'exports.');
      }
      return;
    }
    this.within(node, () => {
      for (const child of children(node)) this.visit(child, node);
    });
  }

  private within(node: Node, work: () => void): void {
    const scope = scopeOf(node);
    const inner = isFunction(node) || node.type === 'StaticBlock' ? 1 : 0;
    if (scope !== undefined) this.scopes.push(scope);
    this.functions += inner;
    work();
    this.functions -= inner;
    if (scope !== undefined) this.scopes.pop();
  }

  /** `{ a }` in an object or a pattern. */
  private shorthand({ key, value }: Of<'Property'>): void {
    const target = value.type === 'AssignmentPattern' ? value.left : value;
    if (key.type !== 'Identifier' || target.type !== 'Identifier') return;
    if (this.isTop(key.name)) this.edits.insert(key.end, `: exports.${key.name}`);
    if (value.type === 'AssignmentPattern') this.visit(value.right, value);
  }

  /** Keeps `f()` from becoming a method call on `exports`, so that `this` stays undefined. */
  private call(node: Of<'CallExpression' | 'TaggedTemplateExpression'>): void {
    const callee = node.type === 'CallExpression' ? node.callee : node.tag;
    if (callee.type !== 'Identifier' || !this.isTop(callee.name)) return;
    this.edits.insert(callee.start, '(0, ');
    // V8 reports such a call at its arguments; users look for the name.
    const hasParenthesis = this.text[callee.end] === '(';
    const end = callee.end + (hasParenthesis ? 1 : 0);
    this.edits.replace(callee.end, end, hasParenthesis ? ')(' : ')', callee.start);
  }

  private variables(list: Of<'VariableDeclaration'>, parent: Node | undefined): void {
    const [first] = list.declarations;
    if (first === undefined) return;
    const isStatement = !isLoopHead(list, parent);
    this.edits.replace(list.start, first.start, '');
    for (const { id, init, start, end } of list.declarations) {
      if (id.type === 'Identifier') this.variable(id, init, isStatement);
      else {
        if (init !== null) {
          this.edits.insert(start, '(');
          this.edits.insert(end, ')');
        }
        this.pattern(id);
      }
      if (init !== null) this.visit(init, list);
    }
  }

  private variable(id: Of<'Identifier'>, init: Node | null, isStatement: boolean): void {
    const { edits } = this;
    const kind = this.options.declared.get(id.name)?.kind;
    if (init === null && isStatement && kind !== undefined && isMerging(kind)) {
      edits.replace(id.start, id.end, '0');
      return;
    }
    edits.insert(id.start, 'exports.');
    if (init === null) {
      if (isStatement) edits.insert(id.end, ' = void 0');
      return;
    }
    if (!takesName(init)) return;
    // A function assigned to a property would have no name.
    edits.insert(init.start, `({ ${id.name}: `);
    edits.insert(init.end, ` }).${id.name}`);
  }

  private pattern(node: Node): void {
    switch (node.type) {
      case 'Identifier':
        this.edits.insert(node.start, 'exports.');
        break;
      case 'AssignmentPattern':
        this.pattern(node.left);
        this.visit(node.right, node);
        break;
      case 'RestElement':
        this.pattern(node.argument);
        break;
      case 'ArrayPattern':
        for (const element of node.elements) if (element !== null) this.pattern(element);
        break;
      case 'ObjectPattern':
        for (const property of node.properties) this.patternProperty(property);
        break;
    }
  }

  private patternProperty(property: Node): void {
    if (property.type !== 'Property') {
      this.pattern(property);
      return;
    }
    const { key, value, computed, shorthand } = property;
    if (shorthand && key.type === 'Identifier') {
      this.edits.insert(key.end, `: exports.${key.name}`);
      if (value.type === 'AssignmentPattern') this.visit(value.right, value);
      return;
    }
    if (computed) this.visit(key, property);
    this.pattern(value);
  }

  /** Whether these variables belong to the cell itself, not to a function or block in it. */
  private isTopLevel(list: Of<'VariableDeclaration'>, parent: Node | undefined): boolean {
    if (this.functions > 0) return false;
    if (list.kind !== 'var' && parent !== undefined) return false;
    return [...scriptNames([list])].some((name) => this.isOwn(name));
  }

  private isTop(name: string): boolean {
    if (this.scopes.some((scope) => scope.has(name))) return false;
    return this.isOwn(name) || (!this.local.has(name) && this.options.isKnown(name));
  }

  private isOwn(name: string): boolean {
    return this.options.declared.get(name)?.isValue === true;
  }
}
