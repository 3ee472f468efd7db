import { PaddleLabError } from './errors';

/** A value as an error message shows it: `"4" (string)`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `${JSON.stringify(shorten(value))} (string)`;
  if (typeof value === 'object') return `${value.constructor?.name ?? 'object'} (object)`;
  return `${shorten(String(value))} (${typeof value})`;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The standard refusal: `Expected integer ≥ 1 for batchSize but received "4" (string)`. */
export function invalidArgument(name: string, expected: string, received: unknown): PaddleLabError {
  return new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected ${expected} for ${name} but received ${describeValue(received)}`,
  );
}

export function checkInteger(name: string, value: unknown, minimum: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum) {
    throw invalidArgument(name, `integer ≥ ${minimum}`, value);
  }
  return value;
}

export function checkNumber(name: string, value: unknown, minimum: number, maximum: number): number {
  if (typeof value !== 'number' || !(value >= minimum && value <= maximum)) {
    throw invalidArgument(name, `number from ${minimum} to ${maximum}`, value);
  }
  return value;
}

export function checkString(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw invalidArgument(name, 'non-empty string', value);
  return value;
}

export function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw invalidArgument(name, 'boolean', value);
  return value;
}

export function checkOneOf<const T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  if (typeof value === 'string' && (allowed as readonly string[]).includes(value)) return value as T;
  throw invalidArgument(name, `one of ${allowed.map((item) => `"${item}"`).join(', ')}`, value);
}

export function checkSignal(name: string, value: unknown): AbortSignal {
  if (!(value instanceof AbortSignal)) throw invalidArgument(name, 'AbortSignal', value);
  return value;
}

/** Refuses what is not an options object, and every key that is not known, naming the nearest known one. */
export function checkOptions(name: string, options: unknown, known: readonly string[]): void {
  if (options === undefined) return;
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw invalidArgument(name, 'options object', options);
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const hint = near === undefined ? `known: ${known.join(', ') || 'none'}` : `did you mean "${near}"?`;
    throw new PaddleLabError('UNKNOWN_OPTION', `Unknown option "${key}" for ${name}; ${hint}`);
  }
}

/** The candidate with the smallest edit distance, if it is close enough to be a typo. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The candidates nearest to a word, the best first: those that begin with it, and those with a small edit distance. */
export function nearestFew(word: string, candidates: readonly string[], count: number): string[] {
  const wanted = word.toLowerCase();
  const limit = Math.max(2, Math.floor(word.length / 3));
  const ranked = candidates.map((candidate) => {
    const own = candidate.toLowerCase();
    const distance = editDistance(wanted, own);
    return { candidate, distance, fits: distance <= limit || (wanted.length > 2 && own.startsWith(wanted)) };
  });
  const fitting = ranked.filter(({ fits }) => fits).sort((a, b) => a.distance - b.distance);
  return fitting.slice(0, count).map(({ candidate }) => candidate);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Throws ABORTED if the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}

export function abortError(signal?: AbortSignal): PaddleLabError {
  return new PaddleLabError('ABORTED', 'The operation was aborted', { cause: signal?.reason });
}
