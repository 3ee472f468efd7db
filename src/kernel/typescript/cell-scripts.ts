import type { CompiledCell } from '../compiler/cell-compiler';
import type { ReadCell } from './cell-syntax';
import { type EmitOptions, emit } from './emit';
import type { SyntaxProblem } from './parser';
import { VALUE_NAME } from './read-cell';
import { rewriteScript } from './rewrite-script';
import { offsetOf, TypeScriptMaps } from './script-maps';

/** The script of a cell, or what its syntax does not allow. */
export type CellOutcome = Exclude<CompiledCell, { kind: 'diagnostics' }> | { kind: 'problem'; problem: SyntaxProblem };

/** Makes the JavaScript of cells and of the user's files. */
export class CellScripts {
  readonly maps = new TypeScriptMaps();

  constructor(
    private readonly options: EmitOptions,
    /** Whether an earlier cell has a value of this name, or it is a helper. */
    private readonly hasValue: (name: string) => boolean,
  ) {}

  ofCell(source: string, file: string, cell: ReadCell): CellOutcome {
    const { declared, prepared, awaits } = cell;
    const [problem] = cell.problems;
    if (problem !== undefined) return { kind: 'problem', problem };
    const emitted = emit(prepared.text, file, this.options);
    if ('message' in emitted) {
      const at = prepared.original(offsetOf(prepared.text, emitted));
      return { kind: 'problem', problem: { message: emitted.message, places: [{ start: at, end: at }] } };
    }
    const rewritten = rewriteScript(emitted.code, { declared, isKnown: this.hasValue });
    if (rewritten.text.trim() === '') return { kind: 'nothing' };
    this.maps.register(file, { source, prepared, emitted, rewritten });
    const names = [...declared].flatMap(([name, { isValue }]) => (isValue ? [name] : []));
    const valueName = cell.hasValue ? VALUE_NAME : undefined;
    return { kind: 'script', script: { code: rewritten.text, awaits, valueName, names } };
  }

  /**
   * A file of the user's as a CommonJS module.
   *
   * @throws SyntaxError
   */
  ofFile(source: string, file: string): string {
    const language = file.endsWith('x') ? 'tsx' : 'ts';
    const emitted = emit(source, file, { ...this.options, language, commonJs: true });
    if ('message' in emitted) {
      throw new SyntaxError(`${file}:${emitted.line + 1}:${emitted.column + 1} - ${emitted.message}`);
    }
    this.maps.register(file, { source, emitted });
    return emitted.code;
  }
}
