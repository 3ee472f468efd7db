import { RUNTIME } from '../cell-executor';
import { Edits } from '../compiler/edits';
import type { DeclaredName, ImportRules, InferredName, LoadedImport, NameKind, ReadCell } from './cell-syntax';
import { type Node, type Parsed, parse, type Statement } from './parser';
import { awaits, boundNames } from './syntax';

/** The property of `exports` that gets the value of a cell's last expression. */
export const VALUE_NAME = '__lastValue';

/** A module loaded by a call. */
const CALLED = /\b(require|import)\s*\(\s*(['"])([^'"\n]+)\2/g;

/** A statement that later cells see. */
interface KeptStatement {
  /** The comments before it. */
  before: string;
  start: number;
  end: number;
}

export function readCell(source: string, language: 'ts' | 'tsx', rules: ImportRules): ReadCell {
  return new CellReader(source, parse(source, language), rules).read();
}

type Import = Extract<Statement, { type: 'ImportDeclaration' }>;

class CellReader {
  private readonly declared = new Map<string, DeclaredName>();
  private readonly edits: Edits;
  private checked: string;
  private readonly inferred: InferredName[] = [];
  private readonly kept: KeptStatement[] = [];
  private readonly imports: string[] = [];
  /** Those of `import name = require()`. */
  private readonly required: string[] = [];
  private readonly loads: LoadedImport[] = [];
  private awaits = false;
  /** Where the previous statement ends. */
  private lastEnd = 0;

  constructor(
    private readonly source: string,
    private readonly parsed: Parsed,
    private readonly rules: ImportRules,
  ) {
    this.edits = new Edits(source);
    this.checked = source;
  }

  read(): ReadCell {
    const { body } = this.parsed.program;
    for (const statement of body) {
      this.statement(statement);
      this.lastEnd = statement.end;
    }
    const hasValue = this.keepValue(body.at(-1));
    return {
      problems: this.parsed.problems,
      declared: this.declared,
      checked: this.checked + this.importsAgain(),
      imports: [...this.imports, ...calledModules(this.source, 'import')],
      required: calledModules(this.source, 'require'),
      loads: this.loads,
      inferred: this.inferred,
      declarations: (types = new Map()) => this.kept.map((each) => this.withTypes(each, types)).join('\n'),
      prepared: this.edits.apply(),
      hasValue,
      awaits: this.awaits || body.some(awaits),
    };
  }

  /**
   * The server looks for a module again only if the specifiers of a document's imports change, not if a module that was
   * imported is required. So those that are required are also imported, behind the cell.
   */
  private importsAgain(): string {
    return this.required.map((specifier) => `\nimport type {} from ${JSON.stringify(specifier)};`).join('');
  }

  private keepValue(last: Statement | undefined): boolean {
    if (last?.type !== 'ExpressionStatement') return false;
    this.edits.insert(last.expression.start, `exports.${VALUE_NAME} = (`);
    this.edits.insert(last.expression.end, ')');
    return true;
  }

  private statement(node: Statement): void {
    switch (node.type) {
      case 'ImportDeclaration':
        this.importDeclaration(node);
        break;
      case 'TSImportEqualsDeclaration': {
        const { moduleReference, id } = node;
        this.declare(id.name, 'import', node.importKind !== 'type');
        this.keep(node);
        const target = moduleReference.type === 'TSExternalModuleReference' ? moduleReference.expression : undefined;
        if (target !== undefined) {
          this.imports.push(target.value);
          this.required.push(target.value);
        }
        const value = target === undefined ? this.text(moduleReference) : `require(${JSON.stringify(target.value)})`;
        this.edits.replace(node.start, node.end, node.importKind === 'type' ? '' : `exports.${id.name} = ${value};`);
        break;
      }
      case 'ExportNamedDeclaration':
        if (node.declaration === null) this.withoutExport(node, node.end, node.source === null);
        else {
          this.withoutExport(node, node.declaration.start);
          this.declaration(node.declaration, node.declaration);
        }
        break;
      case 'TSExportAssignment':
        this.edits.replace(node.start, node.expression.start, '');
        break;
      case 'ExportDefaultDeclaration':
        if (isNameless(node.declaration)) {
          // Only an expression may have no name.
          this.edits.replace(node.start, node.declaration.start, '(');
          this.edits.insert(node.declaration.end, ');');
          break;
        }
        this.withoutExport(node, node.declaration.start);
        this.declaration(node.declaration, node.declaration);
        break;
      case 'ExportAllDeclaration':
        this.edits.replace(node.start, node.end, '');
        break;
      default:
        this.declaration(node, node);
    }
  }

  /** Later cells see everything that a cell declares, so `export` would only be a second export. */
  private withoutExport(node: Node, end: number, isChecked = true): void {
    this.edits.replace(node.start, end, '');
    if (!isChecked) return;
    const blank = this.source.slice(node.start, end).replace(/[^\n]/g, ' ');
    this.checked = this.checked.slice(0, node.start) + blank + this.checked.slice(end);
  }

  private declaration(node: Node, whole: Node): void {
    switch (node.type) {
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          if (id.type === 'Identifier' && !id.typeAnnotation && init !== null) {
            this.inferred.push({ name: id.name, start: id.start, end: id.end });
          }
          const kind = node.kind === 'let' || node.kind === 'var' ? 'variable' : 'constant';
          for (const name of boundNames(id)) this.declare(name, kind, node.declare !== true);
        }
        break;
      case 'FunctionDeclaration':
      case 'TSDeclareFunction':
        if (node.id === null) return;
        this.declare(node.id.name, 'function', node.type === 'FunctionDeclaration' && node.declare !== true);
        break;
      case 'ClassDeclaration':
        if (node.id === null) return;
        this.declare(node.id.name, 'class', node.declare !== true);
        break;
      case 'TSEnumDeclaration':
        this.declare(node.id.name, 'enum', node.declare !== true);
        // Its values would be written into this cell alone, and later cells need the enum itself.
        if (node.const && !node.declare) this.edits.replace(node.start, node.id.start, 'enum ');
        break;
      case 'TSModuleDeclaration':
        if (node.id.type === 'Identifier' && node.kind !== 'global') {
          this.declare(node.id.name, 'namespace', node.declare !== true);
        }
        break;
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
        this.declare(node.id.name, 'type', false);
        break;
      default:
        return;
    }
    this.keep(whole);
  }

  /** A name may have several declarations, such as a function and a namespace: the first value decides. */
  private declare(name: string, kind: NameKind, isValue: boolean): void {
    const known = this.declared.get(name);
    if (known === undefined || (isValue && !known.isValue)) this.declared.set(name, { kind, isValue });
  }

  private keep(node: Node): void {
    // With its comments, which later cells show as its documentation.
    const before = this.source.slice(this.lastEnd, node.start).replace(/export(\s+default)?\s*$/, '');
    this.kept.push({ before, start: node.start, end: node.end });
  }

  private withTypes({ before, start, end }: KeptStatement, types: ReadonlyMap<string, string>): string {
    const parts = [before];
    let at = start;
    for (const { name, end: behind } of this.inferred) {
      const type = types.get(name);
      if (type === undefined || behind <= start || behind > end) continue;
      parts.push(this.source.slice(at, behind), `: ${type}`);
      at = behind;
    }
    return [...parts, this.source.slice(at, end)].join('');
  }

  private text(node: Node): string {
    return this.source.slice(node.start, node.end);
  }

  private importDeclaration(node: Import): void {
    const isType = node.importKind === 'type';
    const specifier = node.source.value;
    this.imports.push(specifier);
    const must = !isType && this.rules.mustImport(specifier);
    const load = must
      ? `await ${RUNTIME}.import(${JSON.stringify(specifier)})`
      : `require(${JSON.stringify(specifier)})`;
    const assignments: string[] = [];
    const names: { local: string; isNamespace: boolean }[] = [];
    for (const each of node.specifiers) {
      const name = each.local.name;
      const isMarked = isType || (each.type === 'ImportSpecifier' && each.importKind === 'type');
      const isValue = !isMarked && this.rules.isType?.(name) !== true;
      this.declare(name, 'import', isValue);
      if (!isMarked) names.push({ local: name, isNamespace: each.type === 'ImportNamespaceSpecifier' });
      if (isValue) assignments.push(`exports.${name} = ${importedValue(each)};`);
    }
    if (names.length > 0) this.loads.push({ specifier, text: this.text(node), names });
    const hasSideEffect = !isType && (assignments.length > 0 || node.specifiers.length === 0);
    this.awaits ||= must && hasSideEffect;
    const block = assignments.length === 0 ? `${load};` : `{ const $module = ${load}; ${assignments.join(' ')} }`;
    this.edits.replace(node.start, node.end, hasSideEffect ? block : '');
    this.keep(node);
  }
}

function importedValue(node: Import['specifiers'][number]): string {
  if (node.type === 'ImportNamespaceSpecifier') return `${RUNTIME}.importStar($module)`;
  const name = node.type === 'ImportDefaultSpecifier' ? 'default' : exportedName(node.imported);
  return name === 'default' ? `${RUNTIME}.importDefault($module)` : `$module[${JSON.stringify(name)}]`;
}

function isNameless(node: Node): boolean {
  return (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id === null;
}

function exportedName(node: { type: string; name?: string; value?: unknown }): string {
  return String(node.name ?? node.value);
}

function calledModules(source: string, by: 'import' | 'require'): string[] {
  return [...source.matchAll(CALLED)].flatMap(([, call, , name = '']) => (call === by ? [name] : []));
}
