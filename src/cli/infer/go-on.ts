import { nothingDone } from '../interruptible';

/** How far a run over images came. */
export interface Reached {
  readonly images: number;
  /** Done and noted, also by the runs before it. */
  readonly done: number;
}

/** What became of a run over images that was interrupted, and the command that goes on with it. */
export function afterInterrupt(argv: readonly string[], writesFiles: boolean, reached: Reached | undefined): string {
  if (!writesFiles) return 'Nothing was to be written, and nothing is kept; the same command begins anew.';
  if (reached === undefined || reached.done === 0) return nothingDone;
  return `${howMany(reached)} done and kept. To go on:\n  ${commandToGoOn(argv)}`;
}

/** `12 of 60 images are`. */
export function howMany({ images, done }: Reached): string {
  return `${done} of ${images} images ${done === 1 ? 'is' : 'are'}`;
}

/** The command that goes on with a run, for a shell. */
export function commandToGoOn(argv: readonly string[]): string {
  const end = argv.indexOf('--') < 0 ? argv.length : argv.indexOf('--');
  const flags = argv.slice(0, end).filter((token) => !/^--(?:no-)?(?:overwrite|resume)$/.test(token));
  // As npm tells a program that npx has started.
  const program = process.env.npm_command === 'exec' ? ['npx', 'paddlelab'] : ['paddlelab'];
  return [...program, ...flags, '--resume', ...argv.slice(end)].map(quoted).join(' ');
}

/** A word as a shell takes it for itself. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
