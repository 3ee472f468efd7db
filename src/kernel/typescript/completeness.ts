import type { Completeness } from '../compiler/cell-compiler';
import { parse } from './parser';

const INDENT = '  ';
/** What only a further line can end, although it is reported where it begins. */
const OPEN_COMMENT = 'Unterminated multiline comment';
const OPEN_STRING = 'Unterminated string';

/** Whether Enter should run the code or add a new line. */
export function completeness(source: string, language: 'ts' | 'tsx'): Completeness {
  const [problem] = parse(source, language).problems;
  if (problem === undefined) return { status: 'complete' };
  const [place] = problem.places;
  const end = source.trimEnd().length;
  const isOpen =
    problem.message === OPEN_COMMENT ||
    (problem.message === OPEN_STRING && place !== undefined && source[place.start] === '`') ||
    (problem.message !== OPEN_STRING && place !== undefined && place.start >= end);
  return isOpen ? { status: 'incomplete', indent: indentOf(source) } : { status: 'invalid' };
}

/** The indentation of the last line, one step deeper behind an opening bracket. */
function indentOf(source: string): string {
  const line = source.trimEnd().split('\n').at(-1) ?? '';
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return /[([{]$/.test(line) ? indent + INDENT : indent;
}
