import path from 'node:path';
import ts from 'typescript';
import { projectRoot } from './project';

/** A place of the public API that takes an object of options. */
export interface OptionPlace {
  /** `visualize`, `Predictor#run`, `loadModel.tensorrt`. */
  readonly name: string;
  /** Names of its options. */
  readonly keys: readonly string[];
}

/** Every parameter of the public API whose members are all optional, with the option objects within them. */
export function publicOptions(): OptionPlace[] {
  const config = ts.getParsedCommandLineOfConfigFile(path.join(projectRoot, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  });
  const entry = path.join(projectRoot, 'src/index.ts');
  const program = ts.createProgram([entry], config?.options ?? {});
  return new ApiReader(program, entry).read();
}

class ApiReader {
  private readonly checker: ts.TypeChecker;
  private readonly source: ts.SourceFile;
  private readonly found = new Map<string, Set<string>>();
  private readonly seen = new Set<ts.Type>();

  constructor(program: ts.Program, entry: string) {
    this.checker = program.getTypeChecker();
    this.source = program.getSourceFile(entry) as ts.SourceFile;
  }

  read(): OptionPlace[] {
    const module = this.checker.getSymbolAtLocation(this.source) as ts.Symbol;
    for (const exported of this.checker.getExportsOfModule(module)) {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
      const symbol = isAlias ? this.checker.getAliasedSymbol(exported) : exported;
      if ((symbol.flags & ts.SymbolFlags.Value) === 0) continue;
      this.visit(exported.name, this.typeOf(symbol));
    }
    return [...this.found].map(([name, keys]) => ({ name, keys: [...keys] }));
  }

  private visit(name: string, type: ts.Type): void {
    if (this.seen.has(type)) return;
    this.seen.add(type);
    for (const signature of type.getCallSignatures()) this.parameters(name, signature);
    for (const signature of type.getConstructSignatures()) {
      this.parameters(`new ${name}`, signature);
      const instance = signature.getReturnType();
      for (const member of this.ownMembers(instance)) {
        for (const own of this.typeOf(member).getCallSignatures()) this.parameters(`${name}#${member.name}`, own);
      }
    }
    for (const member of this.ownMembers(type)) this.visit(`${name}.${member.name}`, this.typeOf(member));
  }

  private parameters(name: string, signature: ts.Signature): void {
    for (const parameter of signature.parameters) this.options(name, this.typeOf(parameter));
  }

  private options(name: string, type: ts.Type): void {
    const given = this.checker.getNonNullableType(type);
    for (const part of given.isUnion() ? given.types : [given]) {
      if (!this.isOptions(part)) continue;
      const keys = this.found.get(name) ?? new Set();
      this.found.set(name, keys);
      for (const property of part.getProperties()) {
        keys.add(property.name);
        this.options(`${name}.${property.name}`, this.typeOf(property));
      }
    }
  }

  /** A plain object with only optional members, with exceptions: one signature of `loadModel` requires `task`. */
  private isOptions(type: ts.Type): boolean {
    if ((type.flags & ts.TypeFlags.Object) === 0 && !type.isIntersection()) return false;
    if (this.checker.isArrayType(type) || this.checker.isTupleType(type)) return false;
    if (type.getCallSignatures().length > 0 || type.isClass()) return false;
    if (!isMapped(type) && type.symbol?.declarations?.some(isForeign)) return false;
    const properties = type.getProperties();
    const optional = properties.filter((property) => (property.flags & ts.SymbolFlags.Optional) !== 0);
    return properties.length > 0 && (optional.length === properties.length || this.isNamedOptions(type));
  }

  private isNamedOptions(type: ts.Type): boolean {
    return /Options$/.test(type.aliasSymbol?.name ?? type.symbol?.name ?? '');
  }

  private ownMembers(type: ts.Type): ts.Symbol[] {
    return type.getProperties().filter((member) => {
      const [declaration] = member.declarations ?? [];
      if (declaration === undefined || isForeign(declaration)) return false;
      const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
      return (ts.getCombinedModifierFlags(declaration) & hidden) === 0;
    });
  }

  private typeOf(symbol: ts.Symbol): ts.Type {
    return this.checker.getTypeOfSymbolAtLocation(symbol, this.source);
  }
}

function isForeign(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().fileName.includes('/node_modules/');
}

/** `Pick<…>` and similar types are declared by TypeScript's own library. */
function isMapped(type: ts.Type): boolean {
  return type.aliasSymbol !== undefined && ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Mapped) !== 0;
}
