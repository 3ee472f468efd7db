/** A tensor as the protocol describes it. */
export interface DescribedTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  /** Its elements, or their number of bytes. */
  readonly content: readonly unknown[] | number;
}

/** A tensor that was received completely. */
export interface ReceivedTensor extends DescribedTensor {
  /** Its bytes, if `content` is their number; else none. */
  readonly bytes: Buffer;
}

/** Networks have few dimensions. */
const mostExtents = 32;

/** The error for what the other side sent: `Expected … but …`. */
export type Refuse = (expected: string, received: string) => Error;

/**
 * Reads one of `inputs` or `outputs`.
 *
 * @param place such as `inputs[0]`
 */
export function readDescribed(place: string, value: unknown, refuse: Refuse): DescribedTensor {
  const { name, datatype, shape, data, parameters } = objectIn(place, value, refuse);
  if (typeof name !== 'string') throw refuse(`a name for ${place}`, shownJson(name));
  const what = `${place.replace(/s\[\d+\]$/, '')} "${name.slice(0, 100)}"`;
  if (typeof datatype !== 'string') throw refuse(`a datatype for ${what}`, shownJson(datatype));
  if (Array.isArray(shape) && shape.length > mostExtents) {
    throw refuse(`at most ${mostExtents} extents for the shape of ${what}`, String(shape.length));
  }
  if (!Array.isArray(shape) || !shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    throw refuse(`integers ≥ 0 for the shape of ${what}`, shownJson(shape));
  }
  const size = (parameters as { binary_data_size?: unknown } | null | undefined)?.binary_data_size;
  if (size === undefined && Array.isArray(data)) return { name, datatype, shape, content: data as unknown[] };
  if (Number.isSafeInteger(size) && (size as number) >= 0) return { name, datatype, shape, content: size as number };
  throw refuse(`data or binary_data_size of ${what}`, shownJson(size ?? data));
}

/** Number of bytes of all tensors behind the JSON object. */
export function sizeBehind(tensors: readonly Pick<DescribedTensor, 'content'>[]): number {
  return tensors.reduce((sum, { content }) => sum + (typeof content === 'number' ? content : 0), 0);
}

export function objectIn(what: string, value: unknown, refuse: Refuse): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw refuse(`${what} as a JSON object`, shownJson(value));
}

/** The start of a value's JSON, for errors. */
export function shownJson(value: unknown): string {
  const text = stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function stringify(value: unknown): string {
  // The text of a large array is not made for its first letters.
  if (Array.isArray(value) && value.length > 40) return `an array of ${value.length} values`;
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch {
    return 'a value that is nested too deeply';
  }
}
