import {
  checkBoolean,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkSignal,
  checkString,
  invalidArgument,
} from './validate';

/** Checks a value; `name` is the user's spelling for errors. */
export type Check<T> = (name: string, value: unknown) => T;

/** A check for each option. With `satisfies`, such a table is the only list of an options type's keys. */
export type OptionChecks<O extends object> = { readonly [K in keyof O]-?: Check<Exclude<O[K], undefined>> };

/**
 * Checks the options given by a user. An unknown key is refused with the nearest known one, and each given value is
 * checked.
 *
 * @param name the kind of options, for error messages
 * @param prefix of the keys in errors, such as `tensorrt.` for nested options
 * @throws PaddleLabError UNKNOWN_OPTION, INVALID_ARGUMENT
 */
export function readOptions<O extends object>(name: string, options: O, checks: OptionChecks<O>, prefix = ''): O {
  checkOptions(name, options, Object.keys(checks));
  if (options === undefined) return {} as O;
  for (const [key, check] of Object.entries(checks) as [keyof O & string, Check<unknown>][]) {
    const value = options[key];
    if (value !== undefined) check(prefix + key, value);
  }
  return options;
}

export const integer =
  (minimum: number): Check<number> =>
  (name, value) =>
    checkInteger(name, value, minimum);

export const number =
  (minimum: number, maximum: number): Check<number> =>
  (name, value) =>
    checkNumber(name, value, minimum, maximum);

/** 0 to 1: a score, an overlap, an opacity. */
export const fraction: Check<number> = number(0, 1);

export const oneOf =
  <const T extends string>(allowed: readonly T[]): Check<T> =>
  (name, value) =>
    checkOneOf(name, value, allowed);

/** Not empty. */
export const text: Check<string> = checkString;

/** A text that may be empty, such as the name of a class. */
export function anyText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalidArgument(name, 'string', value);
  return value;
}

/** The path of a file, or its content as an object. */
export function textOrObject(name: string, value: unknown): string | object {
  return typeof value === 'object' && value !== null ? value : checkString(name, value);
}

export const boolean: Check<boolean> = checkBoolean;
export const abortSignal: Check<AbortSignal> = checkSignal;

export function callback<F extends (...args: never[]) => unknown>(name: string, value: unknown): F {
  if (typeof value !== 'function') throw invalidArgument(name, 'function', value);
  return value as F;
}

/** A list whose members are checked one by one; errors name them `titles[1]`. */
export const listOf =
  <T>(expected: string, check: Check<T>): Check<readonly T[]> =>
  (name, value) => {
    if (!Array.isArray(value)) throw invalidArgument(name, expected, value);
    return value.map((item: unknown, index) => check(`${name}[${index}]`, item));
  };

/** A value that is checked where it is used, or is an options object with its own checks. */
export function checkedLater<T>(_name: string, value: unknown): T {
  return value as T;
}

export function anyObject(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalidArgument(name, 'object', value);
}
