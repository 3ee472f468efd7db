import type { EditedText } from '../compiler/edits';
import type { SyntaxProblem } from './parser';

/** How a name was declared, which decides how later cells may use it. */
export type NameKind = 'variable' | 'constant' | 'function' | 'class' | 'enum' | 'namespace' | 'type' | 'import';

export interface DeclaredName {
  kind: NameKind;
  /** Whether it exists when the cell runs; types and ambient declarations do not. */
  isValue: boolean;
}

/** A variable or constant without a type in its declaration. */
export interface InferredName {
  name: string;
  start: number;
  end: number;
}

/** An import that loads a module. */
export interface LoadedImport {
  specifier: string;
  text: string;
  names: readonly { local: string; isNamespace: boolean }[];
}

/** How imports are loaded. */
export interface ImportRules {
  /** Whether a module can only be imported, not required. */
  mustImport(specifier: string): boolean;
  /** Whether an imported name is known to be only a type, although its import does not say so. */
  isType?(name: string): boolean;
}

/** A cell as its syntax shows it. */
export interface ReadCell {
  problems: readonly SyntaxProblem[];
  declared: ReadonlyMap<string, DeclaredName>;
  /** The source without `export`, at the same positions. */
  checked: string;
  /** The specifiers of its imports, also of those by a call. */
  imports: readonly string[];
  /** Those of modules that the compiler does not look at, because only `require` loads them. */
  required: readonly string[];
  /** Those of its imports that load something for its names. */
  loads: readonly LoadedImport[];
  /** The names whose types follow from what they are set to. */
  inferred: readonly InferredName[];
  /** Only the statements that declare something, for the checks of later cells. @param types of inferred names */
  declarations(types?: ReadonlyMap<string, string>): string;
  /** The source with imports as calls, and with the last value kept; still TypeScript. */
  prepared: EditedText;
  hasValue: boolean;
  /** Whether something outside of any function waits. */
  awaits: boolean;
}
