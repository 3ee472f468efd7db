import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { HELPER_NAMES } from '../../src/kernel/helpers';
import { type Block, blocksOf } from '../helpers/examples';

/** Code of a page in a file of its own: a block, or all cells of the page. Its lines have the numbers of the page. */
export interface Script {
  readonly kind: 'script' | 'cell';
  readonly page: string;
  readonly place: string;
  /** With the ending .mts. */
  readonly source: string;
  /** With the ending .mjs. */
  readonly compiled: string;
  readonly code: string;
  /** The line before a block that is not run; undefined if it is run. */
  readonly notRun: string | undefined;
}

/** Writes the TypeScript of a page into a folder. */
export function writeScripts(page: string, folder: string): Script[] {
  const blocks = blocksOf(page).filter(({ language }) => language === 'ts');
  const cells = blocks.filter(({ flags }) => flags.includes('cell'));
  const single = blocks.filter((block) => !cells.includes(block)).map((block) => [block]);
  return [...(cells.length > 0 ? [cells] : []), ...single].map((group) => write(page, group, folder));
}

function write(page: string, blocks: readonly Block[], folder: string): Script {
  const [first] = blocks as [Block];
  const kind = first.flags.includes('cell') ? 'cell' : 'script';
  const source = path.join(folder, `${page.replaceAll(/\W/g, '-')}-${first.line}.mts`);
  const lines: string[] = [];
  for (const { line, code } of blocks) {
    while (lines.length < line - 1) lines.push('');
    lines.push(...code.replace(/\n$/, '').split('\n'));
  }
  const code = lines.join('\n');
  // On the empty first line of the page.
  writeFileSync(source, kind === 'cell' ? `${helperImports(code)}${code}\n` : `${code}\n`);
  return {
    ...{ kind, page, place: first.place, source, compiled: source.replace(/\.mts$/, '.mjs'), code: code.trim() },
    notRun: first.flags.includes('no-run') ? first.before : undefined,
  };
}

/** The helpers that cells have in scope. */
function helperImports(code: string): string {
  const questions = ['prompt', 'confirm', 'password'];
  const imported = (name: string): boolean => new RegExp(`{.*\\b${name}\\b.*} from`).test(code);
  const names = HELPER_NAMES.filter((name) => !questions.includes(name) && !imported(name));
  return `import { ${names.join(', ')} } from 'paddlelab';`;
}
