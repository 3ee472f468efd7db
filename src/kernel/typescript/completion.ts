import type { Candidate, Completion } from '../compiler/cell-compiler';
import { CELLS } from './cell-document';
import type { NameKind } from './cell-syntax';
import { kindName } from './kinds';

/** The server's candidates for a place. */
export interface ServerCompletion {
  items?: readonly ServerCandidate[];
}

interface ServerCandidate {
  label: string;
  kind?: number;
  insertText?: string;
  /** Set for a name that would have to be imported. */
  data?: { autoImport?: { moduleSpecifier?: string } };
}

const BEFORE = /[\p{ID_Continue}$\u200c\u200d]*$/u;
const BEHIND = /^[\p{ID_Continue}$\u200c\u200d]*/u;
/** The documents of cells, whose names need no import. */
const DOCUMENT = /^\.\/\.notebook-/;

/** The candidates for the word at a position. @param own the names of earlier cells, and helpers */
export function completionOf(
  source: string,
  position: number,
  items: readonly ServerCandidate[],
  own: ReadonlyMap<string, NameKind>,
): Completion {
  const start = position - lengthOf(BEFORE, source.slice(0, position));
  const end = position + lengthOf(BEHIND, source.slice(position));
  const isMember = source[start - 1] === '.';
  const known = isMember ? [] : [...own].map(([name, kind]) => ({ name, kind: kindName(kind) }));
  // Names that fit only in brackets, such as those of symbols, do not continue a word.
  const found = items.filter(({ insertText }) => insertText?.startsWith('[') !== true).map(candidateOf);
  const word = source.slice(start, position);
  const visible = found.filter(({ importFrom }) => importFrom === undefined);
  // All that there is to import is of no help before the first letter.
  const importable = word === '' ? [] : found.filter(({ importFrom }) => importFrom && !DOCUMENT.test(importFrom));
  importable.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { start, end, candidates: matching([...known, ...visible, ...importable], word) };
}

function candidateOf({ label, kind, data }: ServerCandidate): Candidate {
  const importFrom = data?.autoImport?.moduleSpecifier;
  return { name: label, kind: kindName(kind), ...(importFrom === undefined ? {} : { importFrom }) };
}

function lengthOf(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}

/** The candidates that continue a word: names to import come last, before them names in another case. */
function matching(candidates: readonly Candidate[], word: string): Candidate[] {
  const unique = new Map<string, Candidate>();
  for (const each of candidates) if (!unique.has(each.name)) unique.set(each.name, each);
  const fitting = [...unique.values()].filter(
    ({ name }) => name !== CELLS && name.toLowerCase().startsWith(word.toLowerCase()),
  );
  const rank = ({ name, importFrom }: Candidate): number =>
    (importFrom === undefined ? 0 : 2) + (name.startsWith(word) ? 0 : 1);
  return fitting.sort((a, b) => rank(a) - rank(b));
}
