import type { Magic } from './magic';

export interface MagicCall {
  kind: Magic['kind'];
  name: string;
  argument: string;
}

export interface MagicCell {
  calls: MagicCall[];
  /** The TypeScript part, on its original lines. */
  body: string;
}

const CALL = /^\s*(%{1,2})([a-zA-Z]\w*)[ \t]*(.*)$/;

/**
 * Separates the magics at the top of a cell from its code. Further down, `%` is the operator: `a` on one line and `%b`
 * on the next is a remainder.
 */
export function parseMagics(source: string): MagicCell {
  const lines = source.split('\n');
  const calls: MagicCall[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [, sign, name = '', argument = ''] = CALL.exec(line) ?? [];
    if (sign === undefined) break;
    calls.push({ kind: sign === '%%' ? 'cell' : 'line', name, argument: argument.trim() });
    lines[index] = '';
    if (sign === '%%') break;
  }
  return { calls, body: calls.length === 0 ? source : lines.join('\n') };
}

/** The name that a cell asks about by `name?` or `?name`. */
export function parseQuestion(source: string): string | undefined {
  const match = /^\s*(?:\?\s*([\w$.]+)|([\w$.]+)\s*\?)\s*$/.exec(source);
  return match?.[1] ?? match?.[2];
}
