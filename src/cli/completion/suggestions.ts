import type { Command, Option } from 'commander';

/** Values that a shell offers for an option. */
export interface Suggestions {
  readonly values: readonly string[];
  /** Whether several may be given, separated by commas. */
  readonly list: boolean;
}

const suggested = new WeakMap<Option, Suggestions>();

/** Makes shells suggest these values for an option that also accepts others, or several at once. */
export function suggest(option: Option, values: readonly string[], list = false): Option {
  suggested.set(option, { values, list });
  return option;
}

/** The known values of an option: its suggestions, or its fixed choices. */
export function suggestionsFor(option: Option): Suggestions | undefined {
  const choices = option.argChoices === undefined ? undefined : { values: option.argChoices, list: false };
  return suggested.get(option) ?? choices;
}

/** Which arguments of a command may be names of official models. */
export type ModelArguments = 'first' | 'all';

const withModels = new WeakMap<Command, ModelArguments>();

/** Makes shells suggest the names of official models for the arguments of a command. */
export function suggestModels(command: Command, which: ModelArguments): Command {
  withModels.set(command, which);
  return command;
}

export function modelArgumentsOf(command: Command): ModelArguments | undefined {
  return withModels.get(command);
}
