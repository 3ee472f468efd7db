import type { OptionChecks } from '../../options';
import { checkOptions, invalidArgument } from '../../validate';

/**
 * Checks plain data from another machine: every key is there, none is unknown.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 */
export function readAll<O extends object>(name: string, value: unknown, checks: OptionChecks<O>): O {
  if (typeof value !== 'object' || value === null) throw invalidArgument(name, 'object', value);
  checkOptions(name, value, Object.keys(checks));
  for (const [key, check] of Object.entries<(name: string, value: unknown) => unknown>(checks)) {
    check(`${key} of the ${name}`, (value as Record<string, unknown>)[key]);
  }
  return value as O;
}
