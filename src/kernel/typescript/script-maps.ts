import { SourceMap } from 'node:module';
import type { OriginalPosition, ScriptMaps } from '../compiler/cell-compiler';
import type { EditedText } from '../compiler/edits';
import type { Emitted } from './emit';

/** The steps from a source to its script; a file of the user's has only the middle one. */
export interface ScriptSteps {
  source: string;
  /** The source with its first changes, still TypeScript. */
  prepared?: EditedText;
  emitted: Emitted;
  /** The script made of the JavaScript. */
  rewritten?: EditedText;
}

/** Maps the running JavaScript back to the lines of cells and of the user's files. */
export class TypeScriptMaps implements ScriptMaps {
  private readonly scripts = new Map<string, ScriptSteps & { map?: SourceMap }>();

  register(file: string, steps: ScriptSteps): void {
    this.scripts.set(file, steps);
  }

  has(file: string): boolean {
    return this.scripts.has(file);
  }

  original(file: string, line: number, column: number): OriginalPosition | undefined {
    const script = this.scripts.get(file);
    if (script === undefined) return undefined;
    const { source, prepared, emitted, rewritten } = script;
    // Behind the script is what calls it.
    if (line > (rewritten?.text ?? emitted.code).split('\n').length) return undefined;
    let place: Place = { line: line - 1, column: column - 1 };
    if (rewritten !== undefined) place = placeOf(emitted.code, rewritten.original(offsetOf(rewritten.text, place)));
    script.map ??= new SourceMap(JSON.parse(emitted.map));
    const entry = script.map.findEntry(place.line, place.column);
    if (!('originalLine' in entry)) return undefined;
    place = { line: entry.originalLine, column: entry.originalColumn };
    if (prepared !== undefined) place = placeOf(source, prepared.original(offsetOf(prepared.text, place)));
    return { line: place.line + 1, column: place.column + 1 };
  }
}

/** From zero. */
export interface Place {
  line: number;
  column: number;
}

export function offsetOf(text: string, { line, column }: Place): number {
  const before = text.split('\n').slice(0, line);
  return before.reduce((sum, each) => sum + each.length + 1, 0) + column;
}

function placeOf(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length - 1, column: lines.at(-1)?.length ?? 0 };
}
