import type { ModuleGraph } from '../modules/module-graph';
import type { SharedState } from '../thread-messages';

/** A position in a cell or in a file that it imports. */
export interface Position {
  offset: number;
  /** From zero. */
  line: number;
  /** From zero. */
  character: number;
}

/** An error of the compiler; the messages of a chain are separate diagnostics of one position. */
export interface Diagnostic {
  start: Position;
  end: Position;
  messageText: string;
  category: number;
  code: number;
  /** Set if the position is not in the cell but in a file that the cell imports. */
  fileName?: string;
}

/** JavaScript that runs as the body of a function with the parameters `exports` and `require`. */
export interface CellScript {
  code: string;
  /** Whether the function has to be async. */
  awaits: boolean;
  /** The property of `exports` that gets the value of the last expression. */
  valueName: string | undefined;
  /** The names that the cell declares: properties of `exports` once they are assigned. */
  names: readonly string[];
}

export type CompiledCell =
  | { kind: 'script'; script: CellScript }
  | { kind: 'diagnostics'; diagnostics: readonly Diagnostic[] }
  /** The cell has nothing to run. */
  | { kind: 'nothing' };

export interface Candidate {
  name: string;
  /** The compiler's kind of name, such as `method`; empty if unknown. */
  kind: string;
  /** The module that it would have to be imported from. */
  importFrom?: string;
}

export interface Completion {
  /** The part of the source that a candidate replaces. */
  start: number;
  end: number;
  candidates: readonly Candidate[];
}

/** Whether Enter runs a cell; otherwise the next line begins with `indent`. */
export type Completeness = { status: 'complete' } | { status: 'invalid' } | { status: 'incomplete'; indent: string };

export interface OriginalPosition {
  /** From one. */
  line: number;
  /** From one. */
  column: number;
}

/** Maps the running scripts back to their sources. */
export interface ScriptMaps {
  /** Whether a file is a compiled script. */
  has(file: string): boolean;
  /** The source position of a line and column (from one); undefined for code that the compiler has added. */
  original(file: string, line: number, column: number): OriginalPosition | undefined;
}

/** Compiles the cells of a notebook one after the other; each sees the names of the earlier ones. */
export interface CellCompiler {
  readonly maps: ScriptMaps;
  /** The `require` of code in a folder, which also loads the user's TypeScript files. */
  requireIn(folder: string, plain: NodeJS.Require): NodeJS.Require;
  /** The file that the folder's configuration gives for a specifier; the specifier itself if it gives none. */
  locate(specifier: string): string;
  /** @param file name of the cell in stack traces */
  compile(source: string, file: string): Promise<CompiledCell>;
  /**
   * Ends the cell that was compiled last: later cells see the names that it declares.
   *
   * @param missed the names that it did not assign, because it failed before; they keep their former declarations
   */
  endCell(missed: ReadonlySet<string>): void;
  /** Stops what it does for an interrupted cell; the code that waited for it may have been terminated. */
  interrupt(): void;
  complete(source: string, position: number): Promise<Completion>;
  /** Type and documentation of the name at a position. */
  inspect(source: string, position: number): Promise<string | undefined>;
  completeness(source: string): Promise<Completeness>;
  /** The specifiers of a JavaScript module's imports, without running it. */
  importsOf(text: string): string[];
  /** Forgets every declaration. */
  reset(): void;
  close(): void;
}

/** What a compiler is made from. */
export interface CompilerParts {
  /** The notebook's folder. */
  folder: string;
  /** Shows other threads when the compiler runs. */
  state: SharedState;
  /** The user's ES modules. */
  graph: ModuleGraph;
  /** Whether a package can only be imported, not required. */
  mustImport(specifier: string): boolean;
  /** Whether `require` finds code for a module. */
  hasCode(specifier: string): boolean;
  /** Modules that cells get in place of an installed package, by their names. */
  special: Readonly<Record<string, () => unknown>>;
}
