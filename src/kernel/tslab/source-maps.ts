import { SourceMap } from 'node:module';
import type { OriginalPosition, ScriptMaps } from '../compiler/cell-compiler';
import type { EditedText } from '../compiler/edits';
import type { TypeScriptApi } from './internals';

type Transpile = TypeScriptApi['transpileModule'];

/** Maps an offset of a script back to the text that it was made from. */
type Step =
  | { kind: 'map'; text: string }
  | { kind: 'edits'; script: string; module: string; original(offset: number): number };

interface MappedScript {
  lines: number;
  /** From the script to the ES module. */
  last: Step;
  /** From the ES module to the source; parsed when the first error needs it. */
  first: string;
  parsed?: { last?: SourceMap; first: SourceMap };
  /** Lines that tslab puts before the source. */
  linesBefore: number;
}

const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json[^,]*,(\S+)\s*$/;
/** Whether this is the map of a cell, not of a file that it imports. */
const CELL = /"sources":\["[^"]*__tslab__\.ts"\]/;
const MAP_LINK = /\n?\/\/# sourceMappingURL=\S+\s*$/;

/** Makes a cell's script from its ES module. */
export type CellCompiler = (module: string) => EditedText;

/**
 * Maps the running JavaScript back to the lines of a cell.
 *
 * tslab compiles in two steps, TypeScript to ES modules to CommonJS, and keeps no maps. The first step is configured to
 * produce an inline map (see `patchTypeScript`), which is extracted here. The second step is our own for cells, and is
 * configured to produce a map for the user's files.
 */
export class SourceMaps implements ScriptMaps {
  private readonly fresh = new Map<string, Pick<MappedScript, 'last' | 'first'>>();
  private readonly scripts = new Map<string, MappedScript>();

  wrapTranspile(transpile: Transpile, compileCell: CellCompiler): Transpile {
    return (input, options) => {
      const inline = INLINE_MAP.exec(input);
      const module = inline === null ? input : input.slice(0, inline.index);
      const first = inline?.[1] === undefined ? undefined : Buffer.from(inline[1], 'base64').toString();
      if (first !== undefined && CELL.test(first)) {
        const script = compileCell(module);
        this.fresh.set(script.text, {
          last: { kind: 'edits', script: script.text, module, original: script.original },
          first,
        });
        return { outputText: script.text };
      }
      const result = transpile(module, {
        ...options,
        compilerOptions: { ...options.compilerOptions, sourceMap: true },
      });
      const outputText = result.outputText.replace(MAP_LINK, '');
      if (first !== undefined && result.sourceMapText !== undefined) {
        this.fresh.set(outputText, { last: { kind: 'map', text: result.sourceMapText }, first });
      }
      return { ...result, outputText };
    };
  }

  /** Remembers under which file name a piece of compiled JavaScript runs. */
  register(file: string, script: string, linesBefore: number): void {
    const fresh = this.fresh.get(script);
    if (fresh !== undefined) this.scripts.set(file, { ...fresh, lines: script.split('\n').length, linesBefore });
  }

  /** Call it when a conversion is over: entries not registered by then never will be. */
  forgetFresh(): void {
    this.fresh.clear();
  }

  has(file: string): boolean {
    return this.scripts.has(file);
  }

  /**
   * The source position of a line and column (from one) of the running script; undefined for code that tslab added.
   */
  original(file: string, line: number, column: number): OriginalPosition | undefined {
    const script = this.scripts.get(file);
    if (script === undefined || line > script.lines) return undefined;
    script.parsed ??= {
      first: toMap(script.first),
      last: script.last.kind === 'map' ? toMap(script.last.text) : undefined,
    };
    const middle = inModule(script, line - 1, column - 1);
    const origin = middle && find(script.parsed.first, middle.line, middle.column);
    if (origin === undefined || origin.line < script.linesBefore) return undefined;
    return { line: origin.line - script.linesBefore + 1, column: origin.column + 1 };
  }
}

interface Place {
  line: number;
  column: number;
}

function inModule({ last, parsed }: MappedScript, line: number, column: number): Place | undefined {
  if (last.kind === 'map') return parsed?.last && find(parsed.last, line, column);
  const before = last.script.split('\n').slice(0, line);
  const offset = before.reduce((sum, text) => sum + text.length + 1, 0) + column;
  const lines = last.module.slice(0, last.original(offset)).split('\n');
  return { line: lines.length - 1, column: lines.at(-1)?.length ?? 0 };
}

function toMap(text: string): SourceMap {
  return new SourceMap(JSON.parse(text));
}

function find(map: SourceMap, line: number, column: number): Place | undefined {
  const entry = map.findEntry(line, column);
  return 'originalLine' in entry ? { line: entry.originalLine, column: entry.originalColumn } : undefined;
}
