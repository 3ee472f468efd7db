import { officialNames } from '../../hub/catalogue/describe';
import { type CommandWords, type FlagWord, spellings } from './words';

/** Like the bash script, with descriptions. */
export function zshScript(all: readonly CommandWords[]): string {
  const chains = all.flatMap(({ chain }) => (chain === '' ? [] : [`"${chain}"`]));
  return `#compdef paddlelab
_paddlelab() {
  local chain="" files="" list="" names="" given="" i word flag
  local -a found values models
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    [[ "$word" == -* ]] && continue
    case "\${chain:+$chain }$word" in
      ${chains.join('|')}) chain="\${chain:+$chain }$word" ;;
      *) given=1; break ;;
    esac
  done
  flag="\${words[CURRENT-1]}"
  if [[ "$PREFIX" == --*=* ]]; then
    flag="\${PREFIX%%=*}"
    compset -P '--[^=]#='
  fi
  case "$chain $flag" in
${all.flatMap(valueCases).join('\n')}
    *)
      case "$chain" in
${all.map(wordCase).join('\n')}
      esac ;;
  esac
  if [[ -n "$list" ]]; then
    compset -P '*,'
    compadd -S '' -- "\${values[@]}"
  else
    (( $#values )) && compadd -- "\${values[@]}"
  fi
  (( $#found )) && _describe paddlelab found
  # There are hundreds of models, so they are offered from the first letter on.
  if [[ -n "$PREFIX" && ( "$names" == all || ( "$names" == first && -z "$given" ) ) ]]; then
    models=(${officialNames.map(quote).join(' ')})
    compadd -- "\${models[@]}"
  fi
  [[ -n "$files" ]] && _files
}
if [[ "\${zsh_eval_context[-1]}" == loadautofunc ]]; then _paddlelab "$@"; else compdef _paddlelab paddlelab; fi`;
}

function valueCases({ chain, flags }: CommandWords): string[] {
  return flags.filter(({ takesValue }) => takesValue).map((flag) => valueCase(chain, flag));
}

function valueCase(chain: string, flag: FlagWord): string {
  const { suggestions, takesFiles } = flag;
  const pattern = spellings(flag)
    .map((spelling) => `"${chain} ${spelling}"`)
    .join('|');
  if (suggestions === undefined) return `    ${pattern}) ${takesFiles ? 'files=1 ' : ''};;`;
  return `    ${pattern}) values=(${suggestions.values.map(quote).join(' ')})${suggestions.list ? ' list=1' : ''} ;;`;
}

function wordCase({ chain, words, flags, takesFiles, takesModels }: CommandWords): string {
  const known = [...words, ...flags.map(({ long, what }) => ({ word: long, what }))];
  const list = known.map(({ word, what }) => quote(`${escapeColon(word)}:${escapeColon(what)}`)).join(' ');
  return `        "${chain}") found=(${list})${takesFiles ? ' files=1' : ''}${takesModels === undefined ? '' : ` names=${takesModels}`} ;;`;
}

function escapeColon(text: string): string {
  return text.replaceAll(':', '\\:');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
