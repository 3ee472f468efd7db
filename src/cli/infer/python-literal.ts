/** A value, and the position after it in the text. */
interface Read {
  readonly value: unknown;
  readonly end: number;
}

const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const closing: Readonly<Record<string, string>> = { '[': ']', '(': ')' };

/**
 * Parses a Python literal: a number, `True`, `False`, `None`, a quoted string, or a list of these; anything else is
 * returned as text.
 */
export function readPython(text: string): unknown {
  const found = readAt(text, 0);
  return found !== undefined && skipBlanks(text, found.end) === text.length ? found.value : text;
}

function readAt(text: string, from: number): Read | undefined {
  const at = skipBlanks(text, from);
  const close = closing[text.charAt(at)];
  if (close !== undefined) return readList(text, at + 1, close);
  const quoted = /^(['"])((?:(?!\1)[^\\])*)\1/.exec(text.slice(at));
  if (quoted !== null) return { value: quoted[2], end: at + quoted[0].length };
  const [word = ''] = /^[^\s,()[\]]*/.exec(text.slice(at)) ?? [];
  const end = at + word.length;
  if (words.has(word)) return { value: words.get(word), end };
  return word !== '' && Number.isFinite(Number(word)) ? { value: Number(word), end } : undefined;
}

function readList(text: string, from: number, close: string): Read | undefined {
  const items: unknown[] = [];
  let at = skipBlanks(text, from);
  while (text[at] !== close) {
    const item = readAt(text, at);
    if (item === undefined) return undefined;
    items.push(item.value);
    at = skipBlanks(text, item.end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text[at] !== close) return undefined;
  }
  return { value: items, end: at + 1 };
}

function skipBlanks(text: string, from: number): number {
  return from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
}
