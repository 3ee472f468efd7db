import { type Command, Option } from 'commander';
import { runMerge } from '../merge/run-merge';

interface Flags {
  readonly outputDir?: string;
  readonly partial?: boolean;
  readonly watch?: boolean;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Adds `paddlelab merge`: what one run would have written, from the results of shards. */
export function registerMerge(program: Command): void {
  program
    .command('merge <folders...>')
    .description('join the results of `paddlelab infer … --shard` or `ocr … --shard`, as of one run')
    .option('--output-dir <folder>', 'folder of the joined results; by default the folder itself, if it has all shards')
    .option('--partial', 'join the existing results even if shards or images are missing')
    .addOption(new Option('--watch', 'wait for all shards, and show how far they are').conflicts('partial'))
    .option('--overwrite', 'replace existing results')
    .option('--json', 'print a report as JSON, and nothing else')
    .action(async (folders: string[], flags: Flags) => {
      const { outputDir, partial = false, watch = false, overwrite = false, json = false } = flags;
      process.exitCode = await runMerge({ folders, outputDir, partial, watch, overwrite, json });
    })
    .addHelpText('after', () => help);
}

const help = `
FOLDERS are the --output-dir of the shards: one that they share, or one of each.
Written are the summaries that were asked for with --save, the files of the
images where they are in another folder, and the journal by which --resume of
\`paddlelab infer\` without --shard continues, such as after --partial.

Examples:
  paddlelab merge found
  paddlelab merge found --watch
  paddlelab merge found-1 found-2 found-3 --output-dir found

Exit codes: 0 all done, 1 nothing could be done or something is missing, 2 usage
error or shards of different runs, 3 some inputs failed or, with --partial, are
missing, 130 interrupted.`;
