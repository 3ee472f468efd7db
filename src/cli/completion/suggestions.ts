import type { Option } from 'commander';

/** Values that a shell offers for an option. */
export interface Suggestions {
  readonly values: readonly string[];
  /** Several may be given, with commas between them. */
  readonly list: boolean;
}

const suggested = new WeakMap<Option, Suggestions>();

/** Has shells offer these values for an option that takes others as well, or several of them. */
export function suggest(option: Option, values: readonly string[], list = false): Option {
  suggested.set(option, { values, list });
  return option;
}

/** What is known of an option's values: those that were suggested, or the only ones that it takes. */
export function suggestionsFor(option: Option): Suggestions | undefined {
  const choices = option.argChoices === undefined ? undefined : { values: option.argChoices, list: false };
  return suggested.get(option) ?? choices;
}
