import type { Command } from 'commander';
import { hasRun } from '../../infer/queue/run-file';
import { journalOf, type Shard } from '../../infer/shards/shard';
import { canResume } from '../../predict/result-journal';
import { nothingDone } from '../interruptible';
import { refuse } from './refuse';

/** The words of the current command line; commander keeps them, but its types omit them. */
export function commandLineOf(program: Command): readonly string[] {
  return (program as Command & { readonly rawArgs: readonly string[] }).rawArgs;
}

/** What a run does with results that exist. */
export type Existing = 'refuse' | 'overwrite' | 'resume';

/**
 * Without a run to resume, existing files may not be overwritten; the run of a queue that is not joined yet continues.
 *
 * @throws PaddleLabError INVALID_ARGUMENT if such a run would be continued without its queue
 */
export async function existingOf(
  wanted: Existing,
  folder: string,
  shard: Shard | undefined,
  queue: object | undefined,
): Promise<Existing> {
  if (wanted === 'overwrite') return wanted;
  if (await hasRun(folder)) {
    if (queue !== undefined) return 'resume';
    throw refuse(`${folder} has an unfinished run of a queue; continue it with --queue, or use --overwrite`);
  }
  return wanted === 'resume' && !(await canResume(folder, journalOf(shard))) ? 'refuse' : wanted;
}

/** The progress of a run over images. */
export interface RunProgress {
  readonly images: number;
  /** Finished and recorded, including the resumed run. */
  readonly done: number;
}

/** The message after an interrupted run over images, with the command to resume it. */
export function afterInterrupt(
  argv: readonly string[],
  writesFiles: boolean,
  reached: RunProgress | undefined,
): string {
  if (!writesFiles) return 'No files were written; run the same command to start over.';
  if (reached === undefined || reached.done === 0) return nothingDone;
  return `${progressText(reached)} finished and kept. To resume:\n  ${resumeCommand(argv)}`;
}

/** `12 of 60 images are`. */
export function progressText({ images, done }: RunProgress): string {
  return `${done} of ${images} images ${done === 1 ? 'is' : 'are'}`;
}

/** The shell command that resumes a run. */
export function resumeCommand(argv: readonly string[]): string {
  const end = argv.indexOf('--') < 0 ? argv.length : argv.indexOf('--');
  const flags = argv.slice(0, end).filter((token) => !/^--(?:no-)?(?:overwrite|resume)$/.test(token));
  // npm sets this for programs started by npx.
  const program = process.env.npm_command === 'exec' ? ['npx', 'paddlelab'] : ['paddlelab'];
  return [...program, ...flags, '--resume', ...argv.slice(end)].map(quoted).join(' ');
}

/** A word quoted for a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
