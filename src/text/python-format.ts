/** `{:.Nf}` of Python: rounded from the exact binary value, ties to even, where JavaScript takes ties up. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  const exact = Math.abs(value).toFixed(Math.min(100, digits + 40));
  const rest = exact.slice(exact.indexOf('.') + 1 + digits);
  const isTie = rest[0] === '5' && /^50*$/.test(rest);
  if (!isTie) return text;
  const down = exact.slice(0, exact.length - rest.length);
  const cut = digits === 0 ? down.slice(0, -1) : down;
  const isEven = Number(cut.at(-1)) % 2 === 0;
  if (!isEven) return text;
  return value < 0 ? `-${cut}` : cut;
}

/** A value as Python's `print` shows it. */
export function pythonValue(value: unknown): string {
  if (value === undefined || value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

/** A list of texts as Python shows it. */
export function pythonList(texts: readonly string[]): string {
  return `[${texts.map((text) => (text.includes("'") ? JSON.stringify(text) : `'${text}'`)).join(', ')}]`;
}
