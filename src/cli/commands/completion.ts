import { Argument, type Command } from 'commander';

/** Adds `paddlelab completion`: what makes a shell complete our commands and flags. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that makes bash or zsh complete commands and flags')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
    .action((shell: 'bash' | 'zsh') => {
      const words = collectWords(program);
      console.log(shell === 'bash' ? bashScript(words) : zshScript(words));
    })
    .addHelpText(
      'after',
      '\nExamples:\n  source <(paddlelab completion bash)\n  paddlelab completion zsh > ~/.zfunc/_paddlelab',
    );
}

/** What may follow a chain of commands: sub-commands and flags, with what they do. */
interface Words {
  readonly chain: string;
  readonly words: readonly { readonly word: string; readonly what: string }[];
}

function collectWords(command: Command, chain = ''): Words[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command).filter((child) => child.name() !== 'help');
  const options = help.visibleOptions(command);
  const words = [
    ...commands.map((child) => ({ word: child.name(), what: child.description() })),
    ...options.flatMap(({ long, description }) => (long ? [{ word: long, what: description }] : [])),
  ];
  const own = { chain: chain.trim(), words };
  return [own, ...commands.flatMap((child) => collectWords(child, `${chain} ${child.name()}`))];
}

/** The commands before the cursor pick the words; anything else is a file. */
function bashScript(all: readonly Words[]): string {
  const cases = all.map(({ chain, words }) => `    "${chain}") words="${words.map(({ word }) => word).join(' ')}" ;;`);
  return `_paddlelab() {
  local chain="" words="" i word="\${COMP_WORDS[COMP_CWORD]}"
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${commandNames(all)}) chain="\${chain:+$chain }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$chain" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [[ "$word" != -* ]]; then COMPREPLY+=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _paddlelab paddlelab`;
}

function zshScript(all: readonly Words[]): string {
  const quote = (text: string) => text.replaceAll("'", "'\\''").replaceAll(':', '\\:');
  const cases = all.map(({ chain, words }) => {
    const list = words.map(({ word, what }) => `'${quote(word)}:${quote(what)}'`).join(' ');
    return `    "${chain}") found=(${list}) ;;`;
  });
  return `#compdef paddlelab
_paddlelab() {
  local chain="" i
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    case "\${words[i]}" in
      ${commandNames(all)}) chain="\${chain:+$chain }\${words[i]}" ;;
    esac
  done
  case "$chain" in
${cases.join('\n')}
  esac
  _describe paddlelab found
  _files
}
if [[ "\${zsh_eval_context[-1]}" == loadautofunc ]]; then _paddlelab "$@"; else compdef _paddlelab paddlelab; fi`;
}

function commandNames(all: readonly Words[]): string {
  return [...new Set(all.flatMap(({ chain }) => chain.split(' ')))].filter(Boolean).join('|');
}
