import type { Completeness } from './compiler/cell-compiler';
import { parseMagics, parseQuestion } from './magics/parse';
import type { TypeScriptSession } from './session';

/** Whether Enter should run the code or add a new line. */
export async function completeness(session: TypeScriptSession, source: string): Promise<Completeness> {
  if (parseQuestion(source) !== undefined) return { status: 'complete' };
  const code = parseMagics(source).body;
  const result = await session.completeness(code);
  // Two empty lines run the code all the same, so that the error is shown.
  return result.status === 'incomplete' && /\n\s*\n\s*$/.test(code) ? { status: 'complete' } : result;
}
