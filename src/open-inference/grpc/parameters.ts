import { type Integer, integerOf } from './messages';

/** One of the fields of `InferParameter`. */
export type InferParameter = Readonly<Record<string, unknown>>;

/** Texts and integers as parameters of a message. */
export function messageParameters(
  parameters: Readonly<Record<string, string | number>>,
): Readonly<Record<string, InferParameter>> {
  const wrap = (value: string | number): InferParameter =>
    typeof value === 'string' ? { stringParam: value } : { int64Param: value };
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, wrap(value)]));
}

/** The values of parameters, as JSON would have them. */
export function plainParameters(
  parameters: Readonly<Record<string, InferParameter>> = {},
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, plainValue(parameter)]));
}

function plainValue(parameter: InferParameter): unknown {
  const [value] = Object.values(parameter);
  const isLong = typeof value === 'object' && value !== null && 'low' in value;
  return isLong ? integerOf(value as Exclude<Integer, number>) : value;
}
