import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { distFile } from '../../src/package-root';
import { removeFolder, temporaryFolder } from '../runtime/wheel-index';

/** Time for starting shells and the CLI. */
vi.setConfig({ testTimeout: 120_000 });

type Shell = 'bash' | 'zsh' | 'fish';

const folder = temporaryFolder();
const scriptFolder = temporaryFolder();
afterAll(() => {
  removeFolder(folder);
  removeFolder(scriptFolder);
});
// Inputs named like commands, a folder named like an engine, a name with a space.
for (const name of ['infer', 'compare', 'photo.jpg', 'a b.png']) writeFileSync(path.join(folder, name), '');
mkdirSync(path.join(folder, 'plain'));

const scripts = new Map<Shell, string>();
function scriptOf(shell: Shell): string {
  const known = scripts.get(shell);
  if (known !== undefined) return known;
  const file = path.join(scriptFolder, `completion.${shell}`);
  writeFileSync(file, execFileSync(process.execPath, [distFile('cli/main.js'), 'completion', shell]));
  scripts.set(shell, file);
  return file;
}

/** The suggestions of a shell for the last word of a line. */
const offers: Readonly<Record<Shell, (line: string) => string[]>> = {
  bash: (line) => {
    // Readline treats `=` as a separate word.
    const words = line.split(' ').flatMap((word) => word.split(/(=)/).filter((part, i) => part !== '' || i === 0));
    const ask =
      `source ${scriptOf('bash')}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); ` +
      `COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _paddlelab; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return lines(spawnSync('bash', ['--norc', '-c', ask], { encoding: 'utf8', cwd: folder }));
  },
  zsh: (line) => {
    // Completion only works in zsh's line editor; its suggestions are printed instead.
    const inner = path.join(scriptFolder, 'inner.zsh');
    writeFileSync(
      inner,
      `PS1=; autoload -Uz compinit; compinit -D -u; source ${scriptOf('zsh')}
compadd() {
  if [[ " $* " == *" -"[OAD]" "* ]]; then builtin compadd "$@"; return $?; fi
  local -a hits; local hit
  builtin compadd -A hits "$@"
  for hit in $hits; do print -r -- "@@HIT $IPREFIX$hit"; done
  builtin compadd "$@"
}
ended() { print -r -- "@@""END" }
comppostfuncs=(ended)
print -r -- "@@""READY"
`,
    );
    const outer = `zmodload zsh/zpty; zpty z zsh -f -i; zpty -w z 'source ${inner}'
zpty -r -m z seen '*@@READY*'; zpty -w -n z $'${line.replaceAll("'", "\\'")}\\t'; zpty -r -m z seen '*@@END*'
print -r -- "$seen"; zpty -d z`;
    const result = spawnSync('zsh', ['-f', '-c', outer], { encoding: 'utf8', cwd: folder, timeout: 60_000 });
    const hits = [...result.stdout.matchAll(/@@HIT ([^\r\n]*)/g)].map(([, hit]) => hit as string);
    return hits.map((hit) => hit.replace(/^--[a-z-]+=/, '').replaceAll('\\ ', ' '));
  },
  fish: (line) => {
    const ask = `source ${scriptOf('fish')}; complete -C '${line}'`;
    const found = lines(spawnSync('fish', ['--no-config', '-c', ask], { encoding: 'utf8', cwd: folder }));
    return found.map((hit) => (hit.split('\t')[0] as string).replace(/^--[a-z-]+=/, ''));
  },
};

function lines({ stdout, stderr, status }: { stdout: string; stderr: string; status: number | null }): string[] {
  expect({ status, stderr }).toMatchObject({ stderr: '' });
  return stdout.split('\n').filter((line) => line !== '');
}

/** bash is available wherever this package runs. */
function isThere(shell: Shell): boolean {
  return shell === 'bash' || spawnSync(shell, ['--version']).status === 0;
}

const engines = ['auto', 'onednn', 'onednn-fused', 'openvino', 'plain'];
const files = ['a b.png', 'compare', 'infer', 'photo.jpg', 'plain'];

const cases: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['paddlelab inf', ['infer']],
  ['paddlelab runtime ins', ['install']],
  ['paddlelab completion ', ['bash', 'fish', 'zsh']],
  ['paddlelab infer --thr', ['--threshold']],
  ['paddlelab infer model --engine ', engines],
  ['paddlelab infer --engine on', ['onednn', 'onednn-fused']],
  ['paddlelab infer --engine=on', ['onednn', 'onednn-fused']],
  ['paddlelab infer --engine=', engines],
  ['paddlelab infer --device ', ['cpu', 'gpu']],
  ['paddlelab infer --precision ', ['bf16', 'fp16', 'fp32', 'int8']],
  ['paddlelab infer --save ', ['coco', 'csv', 'mot', 'jsonl', 'palette', 'picture']],
  ['paddlelab infer --save picture,c', ['picture,coco', 'picture,csv']],
  ['paddlelab infer --save=picture,js', ['picture,jsonl']],
  ['paddlelab convert m out --to ', ['onnx', 'paddle']],
  ['paddlelab repl --graphics k', ['kitty']],
  ['paddlelab compare m --backends plain,onnx', ['plain,onnxruntime']],
  // Inputs named like commands.
  ['paddlelab infer infer compare --thr', ['--threshold']],
  ['paddlelab infer compare --engine pl', ['plain']],
  ['paddlelab compare infer --pres', ['--preset']],
  // Neither a flag nor its value is an input.
  ['paddlelab infer --engine plain --thr', ['--threshold']],
  ['paddlelab runtime install --vers', ['--version']],
  ['paddlelab infer model ph', ['photo.jpg']],
  ['paddlelab infer model a', ['a b.png']],
  ['paddlelab infer -i ', files],
  ['paddlelab infer --threshold ', []],
  ['paddlelab runtime remove ', []],
  // Names of official models, in the place of the model, from their first letter on.
  ['paddlelab infer PicoDet-X', ['PicoDet-XS']],
  ['paddlelab models pull PicoDet-S PP-TinyPose_1', ['PP-TinyPose_128x96']],
  ['paddlelab models info PicoDet-S PP-TinyPose_1', []],
  ['paddlelab models pull --source pyp', ['pypi']],
  ['paddlelab models remove ', []],
];

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  // Skipped where the shell is not installed.
  test.skipIf(!isThere(shell)).each(cases)('%j', (line, offered) => {
    const found = offers[shell](line).map((hit) => hit.replace(/\/$/, ''));
    // Before anything is typed, flags are suggested together with files and argument values.
    const wanted = line.endsWith(' ') ? found.filter((hit) => !hit.startsWith('-')) : found;
    expect(wanted.sort()).toEqual([...offered].sort());
  });
});
