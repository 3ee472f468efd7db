import { SourceMap } from 'node:module';
import type { TypeScriptApi } from './internals';

type Transpile = TypeScriptApi['transpileModule'];

export interface OriginalPosition {
  /** From one. */
  line: number;
  /** From one. */
  column: number;
}

interface MappedScript {
  lines: number;
  /** First to intermediate (ES modules), then to the source; parsed when the first error needs them. */
  texts: readonly [string, string];
  maps?: readonly [SourceMap, SourceMap];
  /** Lines that tslab puts before the source. */
  linesBefore: number;
}

const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json[^,]*,(\S+)\s*$/;
const MAP_LINK = /\n?\/\/# sourceMappingURL=\S+\s*$/;

/**
 * Leads from the JavaScript that runs back to the lines of a cell.
 *
 * tslab compiles in two steps, TypeScript to ES modules to CommonJS, and keeps no maps. Both steps are made to produce
 * one here: the first inline (see `patchTypeScript`), the second by `wrapTranspile`, which also takes the first one out.
 */
export class SourceMaps {
  private readonly fresh = new Map<string, readonly [string, string]>();
  private readonly scripts = new Map<string, MappedScript>();

  wrapTranspile(transpile: Transpile): Transpile {
    return (input, options) => {
      const inline = INLINE_MAP.exec(input);
      const source = inline === null ? input : input.slice(0, inline.index);
      const result = transpile(source, {
        ...options,
        compilerOptions: { ...options.compilerOptions, sourceMap: true },
      });
      const outputText = result.outputText.replace(MAP_LINK, '');
      if (inline?.[1] !== undefined && result.sourceMapText !== undefined) {
        this.fresh.set(outputText, [result.sourceMapText, Buffer.from(inline[1], 'base64').toString()]);
      }
      return { ...result, outputText };
    };
  }

  /** Remembers under which file name a piece of compiled JavaScript runs. */
  register(file: string, script: string, linesBefore: number): void {
    const texts = this.fresh.get(script);
    if (texts !== undefined) {
      this.scripts.set(file, { lines: script.split('\n').length, texts, linesBefore });
    }
  }

  /** To be called when a conversion is over: what was not registered by then never will be. */
  forgetFresh(): void {
    this.fresh.clear();
  }

  has(file: string): boolean {
    return this.scripts.has(file);
  }

  /** Where line and column (from one) of the running script come from; undefined for code that tslab added. */
  original(file: string, line: number, column: number): OriginalPosition | undefined {
    const script = this.scripts.get(file);
    if (script === undefined || line > script.lines) return undefined;
    script.maps ??= [toMap(script.texts[0]), toMap(script.texts[1])];
    const middle = find(script.maps[0], line - 1, column - 1);
    const origin = middle && find(script.maps[1], middle.line, middle.column);
    if (origin === undefined || origin.line < script.linesBefore) return undefined;
    return { line: origin.line - script.linesBefore + 1, column: origin.column + 1 };
  }
}

function toMap(text: string): SourceMap {
  return new SourceMap(JSON.parse(text));
}

function find(map: SourceMap, line: number, column: number): { line: number; column: number } | undefined {
  const entry = map.findEntry(line, column);
  return 'originalLine' in entry ? { line: entry.originalLine, column: entry.originalColumn } : undefined;
}
