import type { Completeness } from '../compiler/cell-compiler';
import type { TslabModules, TypeScriptApi } from './internals';

// An unterminated comment or template: reported where it begins, though the end is missing.
const OPEN_ENDED_CODES = new Set([1010, 1160]);
/** An unterminated string: reported at the end, but no further line can close it. */
const CLOSED_CODE = 1002;

interface ParseDiagnostic {
  start: number;
  length: number;
  code: number;
}

/** Whether Enter should run the code or add a new line. */
export function completeness(ts: TypeScriptApi, tslab: TslabModules, source: string): Completeness {
  const file = ts.createSourceFile('cell.ts', `export {};${source}`, ts.ScriptTarget.ES2022);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: ParseDiagnostic[] };
  if (parseDiagnostics.length === 0) return { status: 'complete' };
  const end = file.text.trimEnd().length;
  const [first] = parseDiagnostics;
  if (first === undefined || !isOpenEnded(first, end)) return { status: 'invalid' };
  return { status: 'incomplete', indent: tslab.converter.isCompleteCode(source).indent ?? '' };
}

function isOpenEnded({ code, start }: ParseDiagnostic, end: number): boolean {
  return OPEN_ENDED_CODES.has(code) || (start >= end && code !== CLOSED_CODE);
}
