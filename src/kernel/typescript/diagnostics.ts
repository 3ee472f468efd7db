import { nearest } from '../../validate';
import type { Diagnostic, Position } from '../compiler/cell-compiler';
import type { CellText } from './cell-documents';
import type { NameKind } from './cell-syntax';
import type { SyntaxProblem } from './parser';

/** A position as in the protocol: both from zero, in UTF-16 units. */
export interface ServerPosition {
  line: number;
  character: number;
}

export interface ServerDiagnostic {
  range: { start: ServerPosition; end: ServerPosition };
  /** 1 for errors. */
  severity?: number;
  code?: number;
  message: string;
  /** 1 for what is not needed, 2 for what is deprecated. */
  tags?: readonly number[];
}

const ERROR = 1;
const IMPORT_ASSIGNED = 2632;
const UNKNOWN_NAME = 2304;
const MISSPELT_NAME = 2552;

/** The names of earlier cells. */
export interface KnownNames {
  kindOf(name: string): NameKind | undefined;
  names(): ReadonlyMap<string, NameKind>;
}

/** The compiler's wording for an assignment to each kind of name. */
const ASSIGNED: Readonly<Partial<Record<NameKind, readonly [code: number, noun: string]>>> = {
  constant: [2588, 'a constant'],
  function: [2630, 'a function'],
  class: [2629, 'a class'],
  enum: [2628, 'an enum'],
  namespace: [2631, 'a namespace'],
};

/**
 * The errors of a cell. The names of earlier cells are imports for the compiler; an assignment to one is described as
 * what it is.
 */
export function cellDiagnostics(
  found: readonly ServerDiagnostic[],
  { linesBefore, used }: CellText,
  source: string,
  known: KnownNames,
): Diagnostic[] {
  const starts = lineStarts(source);
  const position = ({ line, character }: ServerPosition): Position => {
    const own = line - linesBefore;
    const start = starts[own];
    // Behind the cell, where the compiler expects more.
    if (start === undefined) return positionAt(starts, source.trimEnd().length);
    return { offset: start + character, line: own, character };
  };
  return found
    .filter(({ severity, range }) => severity === ERROR && range.start.line >= linesBefore)
    .flatMap(({ range, code = 0, message }) => {
      const start = position(range.start);
      const end = position(range.end);
      const name = source.slice(start.offset, end.offset);
      const assigned =
        code === IMPORT_ASSIGNED && used.has(name) ? ASSIGNED[known.kindOf(name) ?? 'import'] : undefined;
      if (assigned !== undefined) {
        const messageText = `Cannot assign to '${name}' because it is ${assigned[1]}.`;
        return [{ start, end, messageText, category: 1, code: assigned[0] }];
      }
      // The compiler sees only the names that the cell mentions.
      const near = code === UNKNOWN_NAME && name.length > 3 ? nearest(name, [...known.names().keys()]) : undefined;
      if (near !== undefined) {
        const messageText = `Cannot find name '${name}'. Did you mean '${near}'?`;
        return [{ start, end, messageText, category: 1, code: MISSPELT_NAME }];
      }
      // A chain of messages comes as lines, each deeper than the one before.
      const chain = message.split(/\n\s*/);
      return chain.map((messageText) => ({ start, end, messageText, category: 1, code }));
    });
}

/** The errors of a whole document. */
export function plainDiagnostics(found: readonly ServerDiagnostic[], source: string): Diagnostic[] {
  return cellDiagnostics(found, { linesBefore: 0, used: new Map() }, source, {
    kindOf: () => undefined,
    names: () => new Map(),
  });
}

/** What only the parser refuses. */
export function syntaxDiagnostic({ message, places }: SyntaxProblem, source: string): Diagnostic {
  const starts = lineStarts(source);
  const { start, end } = places[0] ?? { start: 0, end: 0 };
  return {
    start: positionAt(starts, start),
    end: positionAt(starts, end),
    messageText: `${message}.`,
    category: 1,
    code: 0,
  };
}

function positionAt(starts: readonly number[], offset: number): Position {
  const line = starts.findLastIndex((start) => start <= offset);
  return { offset, line, character: offset - (starts[line] ?? 0) };
}

function lineStarts(source: string): number[] {
  return [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
