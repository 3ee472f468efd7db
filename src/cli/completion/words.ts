import type { Command, Option } from 'commander';
import { type ModelArguments, modelArgumentsOf, type Suggestions, suggestionsFor } from './suggestions';

/** A possible next word, with its description. */
export interface Word {
  readonly word: string;
  readonly what: string;
}

/** A flag, under each of its spellings. */
export interface FlagWord {
  readonly long: string;
  readonly short: string | undefined;
  readonly what: string;
  readonly takesValue: boolean;
  /** Whether its value may be a file or a folder. */
  readonly takesFiles: boolean;
  readonly suggestions: Suggestions | undefined;
}

/** The possible words after a chain of commands such as `runtime install`. */
export interface CommandWords {
  /** Empty for the program itself. */
  readonly chain: string;
  /** Sub-commands, or the fixed choices of an argument. */
  readonly words: readonly Word[];
  readonly flags: readonly FlagWord[];
  /** Whether its arguments may be files. */
  readonly takesFiles: boolean;
  /** Which arguments may be names of official models: there are hundreds, offered from their first letter on. */
  readonly takesModels: ModelArguments | undefined;
}

/** The words of a program; its own come first. */
export function collectWords(command: Command, chain = ''): CommandWords[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command).filter((child) => child.name() !== 'help');
  const values = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  const own: CommandWords = {
    chain: chain.trim(),
    words: [
      ...commands.map((child) => ({ word: child.name(), what: child.description() })),
      ...values.map((word) => ({ word, what: '' })),
    ],
    flags: help.visibleOptions(command).flatMap((option) => flagOf(option) ?? []),
    takesFiles: command.registeredArguments.length > 0 && values.length === 0 && !isOnlyName(command),
    takesModels: modelArgumentsOf(command),
  };
  return [own, ...commands.flatMap((child) => collectWords(child, `${chain} ${child.name()}`))];
}

/** `runtime remove` and `models pull` take no files. */
function isOnlyName({ registeredArguments: [first] }: Command): boolean {
  return ['version', 'name', 'names', 'words'].includes(first?.name() ?? '');
}

function flagOf(option: Option): FlagWord | undefined {
  const { long, short, description: what, required, optional } = option;
  if (long === undefined || long === null) return undefined;
  const suggestions = suggestionsFor(option);
  const takesFiles = suggestions === undefined && fileValue.test(option.flags);
  return { long, short: short ?? undefined, what, takesValue: required || optional, takesFiles, suggestions };
}

/** Placeholders for files in the help; some may also be versions or programs on PATH. */
const fileValue = /<(file|folder|path|program|which|versions)>/;

/** Spellings of a command's flags with a value, such as `--engine` and `-c`. */
export function spellings({ long, short }: FlagWord): string[] {
  return short === undefined ? [long] : [long, short];
}
