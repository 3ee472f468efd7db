import { officialNames } from '../../hub/catalogue/describe';
import { type CommandWords, type FlagWord, spellings } from './words';

/**
 * The command words before the cursor select the suggestions, up to the first word that is not a command. The word
 * after a flag with a value is that value. Readline splits `--flag=value` into three words.
 */
export function bashScript(all: readonly CommandWords[]): string {
  const chains = all.flatMap(({ chain }) => (chain === '' ? [] : [`"${chain}"`]));
  return `__paddlelab_models="${officialNames.join(' ')}"
_paddlelab() {
  local chain="" words="" values="" list="" files="" names="" given="" before="" i word line flag
  local cur="\${COMP_WORDS[COMP_CWORD]}"
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ "$word" == -* ]] && continue
    case "\${chain:+$chain }$word" in
      ${chains.join('|')}) chain="\${chain:+$chain }$word" ;;
      *) given=1; break ;;
    esac
  done
  flag="\${COMP_WORDS[COMP_CWORD-1]}"
  if [[ "$cur" == "=" ]]; then cur=""
  elif [[ "$flag" == "=" ]]; then flag="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  case "$chain $flag" in
${all.flatMap(valueCases).join('\n')}
    *)
      case "$chain" in
${all.map(wordCase).join('\n')}
      esac ;;
  esac
  # There are hundreds of models, so they are offered from the first letter on.
  [[ -n "$cur" && ( "$names" == all || ( "$names" == first && -z "$given" ) ) ]] && words+=" $__paddlelab_models"
  COMPREPLY=()
  if [[ -n "$list" ]]; then
    [[ "$cur" == *,* ]] && before="\${cur%,*},"
    compopt -o nospace 2>/dev/null
  fi
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -P "$before" -W "$words $values" -- "\${cur#"$before"}")
  if [[ -n "$files" && "$cur" != -* ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")
  fi
}
complete -F _paddlelab paddlelab`;
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
  return `    ${pattern}) values="${suggestions.values.join(' ')}"${suggestions.list ? ' list=1' : ''} ;;`;
}

function wordCase({ chain, words, flags, takesFiles, takesModels }: CommandWords): string {
  const known = [...words.map(({ word }) => word), ...flags.map(({ long }) => long)].join(' ');
  return `        "${chain}") words="${known}"${takesFiles ? ' files=1' : ''}${takesModels === undefined ? '' : ` names=${takesModels}`} ;;`;
}
