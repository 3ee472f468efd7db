import { Argument, type Command } from 'commander';
import { bashScript } from '../completion/bash';
import { fishScript } from '../completion/fish';
import { type CommandWords, collectWords } from '../completion/words';
import { zshScript } from '../completion/zsh';
import { say } from '../print';

/** A new shell needs a file and a line here. */
const shells: Readonly<Record<string, (all: readonly CommandWords[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Adds `paddlelab completion`: a script with which a shell completes commands, flags and their values. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that makes bash, zsh or fish complete commands and flags')
    .addArgument(new Argument('<shell>').choices(Object.keys(shells)))
    .action((shell: string) => say(shells[shell]?.(collectWords(program)) ?? ''))
    .addHelpText(
      'after',
      `
Examples:
  source <(paddlelab completion bash)
  paddlelab completion zsh > ~/.zfunc/_paddlelab
  paddlelab completion fish > ~/.config/fish/completions/paddlelab.fish`,
    );
}
