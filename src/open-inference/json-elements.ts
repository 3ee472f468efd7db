import type { TensorData } from '../inference/data-type';
import type { WireType } from './wire-types';

/**
 * The elements of a tensor as the text of a JSON array. Each float is written with all its digits, so that the same one
 * is read again.
 *
 * @param nullForNan whether NaN may become `null`, which requests can't have
 * @returns undefined if JSON has no text for an element: infinity, and else NaN
 */
export function elementsToJson({ name }: WireType, data: TensorData, nullForNan = false): string | undefined {
  if (name === 'BOOL') return `[${Array.from(data as Uint8Array, (value) => value === 1).join(',')}]`;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return `[${data.join(',')}]`;
  const textless = nullForNan
    ? (value: number) => Math.abs(value) === Infinity
    : (value: number) => !Number.isFinite(value);
  if (data.some(textless)) return undefined;
  return `[${Array.from(data, textOfNumber).join(',')}]`;
}

function textOfNumber(value: number): string {
  if (Number.isNaN(value)) return 'null';
  // The usual text of −0 is "0".
  return Object.is(value, -0) ? '-0.0' : String(value);
}

/**
 * The tensor of a JSON array, which may be nested. `null` is NaN among numbers with fractions, as several servers write
 * it; JSON has no other text for it.
 *
 * @returns a text that says which element is wrong
 */
export function elementsFromJson(type: WireType, values: readonly unknown[]): TensorData | string {
  const flat = flatten(values);
  const { name, dtype, range } = type;
  const wrong = flat.find((value) => !isElement(type, value));
  if (wrong !== undefined) return `${shown(wrong)}, which is no ${name}`;
  if (name === 'BOOL') return Uint8Array.from(flat, Number);
  if (dtype === 'int64') return BigInt64Array.from(flat as (number | string)[], BigInt);
  if (range !== undefined) {
    const integers = flat as number[];
    return dtype === 'int8'
      ? Int8Array.from(integers)
      : dtype === 'uint8'
        ? Uint8Array.from(integers)
        : Int32Array.from(integers);
  }
  const numbers = flat.map((value) => (value === null ? Number.NaN : Number(value)));
  return dtype === 'float64' ? Float64Array.from(numbers) : Float32Array.from(numbers);
}

function isElement({ name, range }: WireType, value: unknown): boolean {
  if (name === 'BOOL') return typeof value === 'boolean' || value === 0 || value === 1;
  // `parseExactly` leaves long integers as texts.
  const isLong = typeof value === 'string' && /^-?\d{16,400}$/.test(value);
  if (range === undefined) return isLong || typeof value === 'number' || value === null;
  const exact = isLong || Number.isSafeInteger(value);
  if (!exact) return false;
  const integer = BigInt(value as string | number);
  return integer >= range[0] && integer <= range[1];
}

/** Tensors have few dimensions; arrays that are nested deeper stay in the list, as wrong elements. */
const deepest = 32;

export function flatten(values: readonly unknown[]): readonly unknown[] {
  return values.some(Array.isArray) ? values.flat(deepest) : values;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array that is nested too deeply';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

/** Strings, and numbers; the integers among them are those without a fraction and an exponent. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A number that begins with that many digits; most floats have as many only behind their point. */
const longInteger = /(?:^|[[,:\s])-?\d{16}/;

/**
 * Parses JSON in which integers beyond 2^53 become texts, because `JSON.parse` would round them.
 *
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  if (!longInteger.test(text)) return JSON.parse(text);
  // A wrong document must stay wrong.
  JSON.parse(text);
  return JSON.parse(text.replace(tokens, (token) => (/^-?\d{16,}$/.test(token) ? `"${token}"` : token)));
}
