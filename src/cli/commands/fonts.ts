import { Argument, type Command } from 'commander';
import { fontNames } from '../../fonts/catalogue';
import { checkFontName, list, pull, remove } from '../../fonts/fonts';
import type { InstallProgress } from '../../runtime/fetch-options';
import { formatSize } from '../../text/format';
import { formatTable } from '../../text/table';
import { interruptible, nothingDone } from '../interruptible';
import { say } from '../print';
import { createProgress, type PhaseWords } from '../progress';

const pullWords: PhaseWords = {
  wait: 'Waiting for another process that fetches it',
  find: 'Looking for it',
  download: 'Downloading',
  verify: 'Checking the SHA-512',
  unpack: 'Unpacking',
};

const help = `
Latin, Greek, Cyrillic and most Chinese letters need no other font. A letter
that no font has is drawn as a box with its code point.

Fonts come from the registry of npm (@fontsource), with npm's own settings.

Variables:
  PADDLELAB_FONTS          fonts of your own, which win: files and folders,
                           separated by colons; the word "system" stands for
                           the fonts of this machine, which are the last ones
  PADDLELAB_FONT_CACHE     folder of the downloaded fonts, instead of the cache
  PADDLELAB_OFFLINE=1      use only the cache

Examples:
  paddlelab fonts pull arabic korean emoji
  PADDLELAB_FONTS=~/fonts paddlelab infer PicoDet-S photos/`;

/** Adds `paddlelab fonts`: fonts for letters that the package's own fonts lack. */
export function registerFonts(program: Command): void {
  const fonts = program
    .command('fonts')
    .description('list, download and remove fonts for text in pictures')
    .addHelpText('after', help);
  fonts
    .command('list')
    .description('show the fonts that can be downloaded')
    .option('--pulled', 'only those in the cache')
    .option('--json', 'as JSON')
    .action(showList);
  fonts
    .command('pull')
    .description('download fonts into the cache')
    .addArgument(namesArgument())
    .option('--offline', 'use only the cache')
    .action(pullAll);
  fonts.command('remove').description('remove fonts from the cache').addArgument(namesArgument()).action(removeAll);
}

/** Shells suggest the names, and the help lists them; a wrong one gets our own error, with the nearest name. */
function namesArgument(): Argument {
  return Object.assign(new Argument('<names...>', 'names of fonts'), { argChoices: fontNames });
}

function showList({ pulled: onlyPulled, json }: { pulled?: boolean; json?: boolean }): void {
  const all = list().filter(({ pulled }) => !onlyPulled || pulled !== undefined);
  if (json) {
    say(JSON.stringify(all, undefined, 2));
    return;
  }
  if (all.length === 0) {
    say('No font is in the cache.');
    return;
  }
  const rows = all.map(({ name, family, scripts, megabytes, pulled }) => {
    return [name, family, scripts.join(', '), `${megabytes} MB`, pulled === undefined ? '' : formatSize(pulled.size)];
  });
  say(formatTable(['NAME', 'FONT', 'FOR', 'DOWNLOAD', 'IN THE CACHE'], rows));
}

async function pullAll(names: string[], { offline }: { offline?: boolean }): Promise<void> {
  // Checked before the first download, not after.
  const known = names.map(checkFontName);
  let fetched = false;
  const keptWork = (): string =>
    fetched ? 'The download so far is kept; run the same command to continue it.' : nothingDone;
  for (const name of known) {
    const progress = createProgress(pullWords);
    const onProgress = (step: InstallProgress): void => {
      fetched ||= step.phase === 'download';
      progress.update(step);
    };
    const options = { onProgress, ...(offline === undefined ? {} : { offline }) };
    try {
      const font = await interruptible((signal) => pull(name, { ...options, signal }), keptWork);
      progress.stop();
      say(`${font.name} (${font.family}, ${font.licence}) is in ${font.path} (${formatSize(font.size)})`);
    } finally {
      progress.stop();
    }
  }
}

async function removeAll(names: string[]): Promise<void> {
  for (const name of names.map(checkFontName)) {
    const font = await remove(name);
    say(`Removed ${font.name} (${formatSize(font.size)})`);
  }
}
