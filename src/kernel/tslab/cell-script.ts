import type * as TypeScript from '@tslab/typescript-for-tslab';
import { RUNTIME } from '../cell-executor';
import { type EditedText, Edits } from '../compiler/edits';
import type { TypeScriptApi } from './internals';
import { isReferenceToTop, topLevelNames } from './scopes';

export interface RewrittenCell extends EditedText {
  /** The names that the cell declares. */
  names: string[];
  /** Whether it has to run as an async function, because it imports an ES module. */
  awaits: boolean;
}

export interface CellScriptOptions {
  /** The names that earlier cells declared. */
  earlier: ReadonlySet<string>;
  /** Whether a package can only be imported, not required. */
  mustImport(specifier: string): boolean;
}

/**
 * Converts the ES module compiled from a cell into a script whose top-level names are all properties of `exports`.
 *
 * tslab would keep variables inside the script and publish copies of them, so a function would never see a later cell's
 * assignment. With one shared object, closures and later cells see the same variable, a failing cell keeps the names
 * that it has assigned so far, and the compiler runs only once.
 */
export function toCellScript(ts: TypeScriptApi, module: string, options: CellScriptOptions): RewrittenCell {
  const file = ts.createSourceFile('cell.ts', module, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  return new CellRewriter(ts, file, options).run();
}

class CellRewriter {
  private readonly edits: Edits;
  private readonly own: Set<string>;
  private awaits = false;

  constructor(
    private readonly ts: TypeScriptApi,
    private readonly file: TypeScript.SourceFile,
    private readonly options: CellScriptOptions,
  ) {
    this.edits = new Edits(file.text);
    this.own = topLevelNames(ts, file);
  }

  run(): RewrittenCell {
    for (const statement of this.file.statements) this.statement(statement);
    return { ...this.edits.apply(), names: [...this.own], awaits: this.awaits };
  }

  private statement(node: TypeScript.Statement): void {
    const { ts, edits } = this;
    if (ts.isImportDeclaration(node)) {
      this.importDeclaration(node);
      return;
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier === undefined) {
      edits.replace(node.getStart(), node.end, '');
      return;
    }
    if (ts.isExportAssignment(node)) {
      edits.replace(node.getStart(), node.expression.getStart(), 'exports.default = ');
    }
    if (ts.isFunctionDeclaration(node) && node.name !== undefined && this.own.has(node.name.text)) {
      // Functions are hoisted: they can be called before their line.
      edits.insert(0, `exports.${node.name.text} = ${node.name.text}; `);
    }
    if (ts.isClassDeclaration(node) && node.name !== undefined && this.own.has(node.name.text)) {
      edits.insert(node.getStart(), `exports.${node.name.text} = `);
      edits.insert(node.end, ';');
    }
    this.visit(node);
  }

  private visit(node: TypeScript.Node): void {
    const { ts } = this;
    if (ts.isVariableDeclarationList(node) && this.isTopLevel(node)) {
      this.variables(node);
      return;
    }
    if (ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)) this.call(node);
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      this.edits.replace(node.getStart(), node.end, `${RUNTIME}.meta`);
    } else if (ts.isShorthandPropertyAssignment(node) && this.isTop(node.name)) {
      this.edits.insert(node.name.end, `: exports.${node.name.text}`);
      if (node.objectAssignmentInitializer !== undefined) this.visit(node.objectAssignmentInitializer);
      return;
    } else if (ts.isIdentifier(node) && isReferenceToTop(ts, node, (name) => this.isKnown(name))) {
      this.edits.insert(node.getStart(), 'exports.');
    }
    ts.forEachChild(node, (child) => this.visit(child));
  }

  /** Keeps `f()` from becoming a method call on `exports`, so that `this` stays undefined. */
  private call(node: TypeScript.CallExpression | TypeScript.TaggedTemplateExpression): void {
    const { ts, edits } = this;
    const callee = ts.isCallExpression(node) ? node.expression : node.tag;
    if (callee.kind === ts.SyntaxKind.ImportKeyword) {
      edits.replace(callee.getStart(), callee.end, `${RUNTIME}.import`);
      return;
    }
    const isExported =
      ts.isPropertyAccessExpression(callee) &&
      ts.isIdentifier(callee.expression) &&
      callee.expression.text === 'exports';
    if (!isExported && !(ts.isIdentifier(callee) && this.isTop(callee))) return;
    edits.insert(callee.getStart(), '(0, ');
    // V8 reports such a call at its arguments; users look for the name.
    const hasParenthesis = this.file.text[callee.end] === '(';
    edits.replace(callee.end, callee.end + (hasParenthesis ? 1 : 0), hasParenthesis ? ')(' : ')', callee.getStart());
  }

  private variables(list: TypeScript.VariableDeclarationList): void {
    const { ts, edits } = this;
    const [first] = list.declarations;
    if (first === undefined) return;
    const statement = list.parent;
    const isStatement = ts.isVariableStatement(statement);
    edits.replace((isStatement ? statement : list).getStart(), first.getStart(), '');
    for (const declaration of list.declarations) {
      if (ts.isIdentifier(declaration.name)) this.variable(declaration, declaration.name, isStatement);
      else this.pattern(declaration, declaration.name);
      if (declaration.initializer !== undefined) this.visit(declaration.initializer);
    }
  }

  private variable(
    { initializer }: TypeScript.VariableDeclaration,
    name: TypeScript.Identifier,
    isStatement: boolean,
  ): void {
    const { edits } = this;
    edits.insert(name.getStart(), 'exports.');
    if (initializer === undefined) {
      if (isStatement) edits.insert(name.end, ' = void 0');
      return;
    }
    if (!this.takesName(initializer)) return;
    // A function assigned to a property would have no name.
    edits.insert(initializer.getStart(), `({ ${name.text}: `);
    edits.insert(initializer.end, ` }).${name.text}`);
  }

  private takesName(node: TypeScript.Expression): boolean {
    const { ts } = this;
    return ts.isArrowFunction(node) || ((ts.isFunctionExpression(node) || ts.isClassExpression(node)) && !node.name);
  }

  private pattern(declaration: TypeScript.VariableDeclaration, name: TypeScript.BindingPattern): void {
    if (declaration.initializer !== undefined) {
      this.edits.insert(name.getStart(), '(');
      this.edits.insert(declaration.end, ')');
    }
    this.bindings(name);
  }

  private bindings(pattern: TypeScript.BindingPattern): void {
    const { ts, edits } = this;
    for (const element of pattern.elements) {
      if (!ts.isBindingElement(element)) continue;
      if (element.propertyName !== undefined) this.visit(element.propertyName);
      if (!ts.isIdentifier(element.name)) this.bindings(element.name);
      else {
        const isShort =
          ts.isObjectBindingPattern(pattern) && element.propertyName === undefined && !element.dotDotDotToken;
        edits.insert(element.name.getStart(), isShort ? `${element.name.text}: exports.` : 'exports.');
      }
      if (element.initializer !== undefined) this.visit(element.initializer);
    }
  }

  private importDeclaration(node: TypeScript.ImportDeclaration): void {
    const specifier = (node.moduleSpecifier as TypeScript.StringLiteral).text;
    const must = this.options.mustImport(specifier);
    this.awaits ||= must;
    const load = must
      ? `await ${RUNTIME}.import(${JSON.stringify(specifier)})`
      : `require(${JSON.stringify(specifier)})`;
    const names = this.importedNames(node.importClause);
    const text = names.length === 0 ? `${load};` : `{ const $module = ${load}; ${names.join(' ')} }`;
    this.edits.replace(node.getStart(), node.end, text);
  }

  private importedNames(clause: TypeScript.ImportClause | undefined): string[] {
    const { ts } = this;
    const names: string[] = [];
    const imported = (name: string, from: string): string => {
      const source = from === 'default' ? `${RUNTIME}.importDefault($module)` : `$module[${JSON.stringify(from)}]`;
      return `exports.${name} = ${source};`;
    };
    if (clause?.name !== undefined) names.push(imported(clause.name.text, 'default'));
    const bindings = clause?.namedBindings;
    if (bindings === undefined) return names;
    if (ts.isNamespaceImport(bindings)) {
      names.push(`exports.${bindings.name.text} = ${RUNTIME}.importStar($module);`);
      return names;
    }
    for (const { name, propertyName } of bindings.elements)
      names.push(imported(name.text, (propertyName ?? name).text));
    return names;
  }

  /** Whether these variables belong to the cell itself, not to a function or block in it. */
  private isTopLevel(list: TypeScript.VariableDeclarationList): boolean {
    const { ts } = this;
    const isBlockScoped = (list.flags & ts.NodeFlags.BlockScoped) !== 0;
    for (let node: TypeScript.Node = list.parent; node !== this.file; node = node.parent) {
      if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return false;
      if (isBlockScoped && !ts.isVariableStatement(node)) return false;
    }
    return list.declarations.some((declaration) => this.declares(declaration.name));
  }

  private declares(name: TypeScript.BindingName): boolean {
    const { ts } = this;
    if (ts.isIdentifier(name)) return this.own.has(name.text);
    return name.elements.some((element) => ts.isBindingElement(element) && this.declares(element.name));
  }

  private isTop(name: TypeScript.Identifier): boolean {
    return isReferenceToTop(this.ts, name, (text) => this.isKnown(text));
  }

  private isKnown(name: string): boolean {
    return this.own.has(name) || this.options.earlier.has(name);
  }
}
