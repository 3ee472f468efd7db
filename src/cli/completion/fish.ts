import { officialNames } from '../../hub/catalogue/describe';
import type { CommandWords, FlagWord } from './words';

/** One line for each word and flag; it applies if the commands before the cursor match its chain. */
export function fishScript(all: readonly CommandWords[]): string {
  const chains = all.flatMap(({ chain }) => (chain === '' ? [] : [quote(chain)]));
  return `function __paddlelab_at
    set -l chain ''
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; and continue
        set -l next (string trim -- "$chain $word")
        contains -- $next ${chains.join(' ')}; or break
        set chain $next
    end
    test "$chain" = "$argv[1]"
end
function __paddlelab_list
    set -l before (string match -r -- '^(?:--[^=]*=)?(.*,)?' (commandline -ct))[2]
    printf '%s\\n' "$before"$argv
end
function __paddlelab_models
    # There are hundreds of models, so they are offered from the first letter on.
    test -n (commandline -ct); or return
    if test $argv[1] = first
        set -l given (string match -v -- '-*' (commandline -opc)[2..-1])
        test "$given" = "$argv[2]"; or return
    end
    printf '%s\\n' ${officialNames.join(' ')}
end
complete -c paddlelab -f
${all.flatMap(linesOf).join('\n')}`;
}

function linesOf({ chain, words, flags, takesFiles, takesModels }: CommandWords): string[] {
  const at = `complete -c paddlelab -n ${quote(`__paddlelab_at ${quote(chain)}`)}`;
  return [
    ...words.map(({ word, what }) => `${at} -a ${quote(word)}${what === '' ? '' : ` -d ${quote(what)}`}`),
    ...(takesFiles ? [`${at} -F`] : []),
    ...(takesModels === undefined ? [] : [`${at} -a ${quote(`(__paddlelab_models ${takesModels} ${quote(chain)})`)}`]),
    ...flags.map((flag) => `${at} ${flagWords(flag)} -d ${quote(flag.what)}`),
  ];
}

function flagWords({ long, short, takesValue, takesFiles, suggestions }: FlagWord): string {
  const names = [`-l ${long.slice(2)}`, ...(short === undefined ? [] : [`-s ${short.slice(1)}`])].join(' ');
  if (!takesValue) return names;
  if (suggestions === undefined) return `${names} ${takesFiles ? '-r -F' : '-x'}`;
  const values = suggestions.values.join(' ');
  return `${names} -x -a ${quote(suggestions.list ? `(__paddlelab_list ${values})` : values)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
