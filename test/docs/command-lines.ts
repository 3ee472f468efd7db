import type { Command } from 'commander';
import { flagValues } from '../../src/cli/infer/parse-flags';
import { readRequest } from '../../src/cli/infer/request';
import { translate } from '../../src/cli/infer/translate';
import { createProgram } from '../../src/cli/main';
import { messageOf } from '../../src/errors';
import type { Block } from '../helpers/examples';

/** A command line of `npx paddlelab` in a page. */
export interface CommandLine {
  readonly place: string;
  readonly argv: readonly string[];
}

/** The lines of shell blocks that begin with `npx paddlelab`. */
export function commandLines(blocks: readonly Block[]): CommandLine[] {
  return blocks
    .filter(({ language }) => language === 'sh' || language === 'bash')
    .flatMap(({ file, line, code }) =>
      code.split('\n').flatMap((text, i) => {
        const [, words] = /^npx paddlelab (.*)$/.exec(text) ?? [];
        return words === undefined ? [] : [{ place: `${file}:${line + i}`, argv: splitWords(words) }];
      }),
    );
}

/** Words of a shell line without its comment; quotes are removed. */
function splitWords(line: string): string[] {
  const words = line.match(/#.*$|(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.filter((word) => !word.startsWith('#')).map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
}

/** Why the command line refuses these words; undefined if it takes them. Nothing is run. */
export async function refusalOf(argv: readonly string[]): Promise<string | undefined> {
  const program = createProgram();
  let message = '';
  forEachCommand(program, (command) => {
    command.configureOutput({ writeOut: () => undefined, writeErr: (text) => (message += text) });
    if (command.commands.length === 0) command.action(() => undefined);
    if (command.name() === 'infer') command.action(() => void readRequest(command.args, flagValues(command.opts())));
  });
  const [name, ...rest] = argv[0] === '--require' ? argv.slice(2) : argv;
  if (name === undefined) return 'no command';
  try {
    const words = name === 'infer' ? translate(rest).argv : rest;
    await program.parseAsync([name, ...words], { from: 'user' });
    return undefined;
  } catch (error) {
    if ((error as { exitCode?: number }).exitCode === 0) return undefined;
    return message || messageOf(error);
  }
}

function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) forEachCommand(child, visit);
}

/** Commands that take seconds and change nothing outside their folder. */
const quick = /^(infer|merge|evaluate|inspect|tune|doctor|completion|models (list|search|info)|runtime list)\b/;

/** Whether a line can be run as it is: it is quick, has no placeholders, and its files are there. */
export function isRunnable(argv: readonly string[], exists: (file: string) => boolean): boolean {
  if (!quick.test(argv.join(' '))) return false;
  const values = argv.map((word) => word.replace(/^--[\w-]+=/, ''));
  if (values.some((word) => /^[A-Z]{3,}|…|^(DIR|OUT)$|\/\/HOST\b/.test(word))) return false;
  return values.every((word) => !/^(models|images|data)\/|\.(png|jpg|mp4|txt|ya?ml)$/.test(word) || exists(word));
}
