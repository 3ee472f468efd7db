import { type Command, InvalidArgumentError, Option } from 'commander';
import { suggest } from '../completion/suggestions';
import { readNumber, readWhole } from '../read-number';
import type { Flag, FlagValues } from './flag';
import { flags } from './flags';

/** Adds every flag to a command, in groups. */
export function addFlags(command: Command, names?: readonly string[]): Command {
  for (const flag of flags) {
    if (names === undefined || names.includes(flag.name)) addFlag(command, flag);
  }
  return command;
}

function addFlag(command: Command, flag: Flag): void {
  const letter = flag.short === undefined ? '' : `-${flag.short}, `;
  const option = new Option(`${letter}--${flag.name}${flag.type === 'switch' ? '' : ` ${flag.value}`}`, flag.help);
  option.helpGroup(`${flag.group}:`);
  if (flag.choices !== undefined) option.choices(flag.choices);
  if (flag.suggestions !== undefined) suggest(option, flag.suggestions.values, flag.suggestions.list);
  if (flag.type === 'integer') option.argParser(readWhole);
  if (flag.type === 'number') option.argParser(readNumber);
  if (flag.type === 'list') option.argParser((text, before: readonly string[] = []) => [...before, text]);
  if (flag.type === 'pair') option.argParser(readPair);
  command.addOption(option);
  if (flag.type === 'switch') command.addOption(new Option(`--no-${flag.name}`).hideHelp());
}

function readPair(text: string): readonly [number, number] {
  const [first, second, ...others] = text.split(',').map((part) => readNumber(part));
  if (first === undefined || second === undefined || others.length > 0) {
    throw new InvalidArgumentError('Expected two numbers: height and width.');
  }
  return [first, second];
}

/** The parsed values, by paddlelab's names. */
export function flagValues(options: Readonly<Record<string, unknown>>): FlagValues {
  const camel = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(flags.map(({ name }) => [name, options[camel(name)]])) as FlagValues;
}
