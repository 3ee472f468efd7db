import { PaddleLabError } from '../../errors';
import type { FlagType } from './flag';
import { flags } from './flags';
import { refusedFlags, voidFlags } from './script-flags';

/** A command line in paddlelab's spelling, and notes on flags without effect. */
export interface Translated {
  readonly argv: readonly string[];
  readonly notes: readonly string[];
}

interface Known {
  readonly name: string;
  readonly type: FlagType;
  /** Why it has no effect, if so. */
  readonly why?: string;
  /** The alternative, if it is refused. */
  readonly instead?: string;
}

const known = new Map<string, Known>([
  ...voidFlags.map((flag): [string, Known] => [flag.name, flag]),
  ...refusedFlags.map((flag): [string, Known] => [flag.name, flag]),
  ...flags.flatMap(({ name, type, also = [] }) =>
    [name, ...also].map((spelling): [string, Known] => [spelling, { name, type }]),
  ),
]);

/** Paddle's scripts use Python's words (`False` must not count as a set flag). */
const words: Readonly<Record<string, boolean>> = { true: true, false: false, t: true, '1': true, '0': false };

function toSwitch(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : words[text.toLowerCase()];
}

/**
 * Converts a command line of Paddle's scripts to paddlelab's spelling: underscores become hyphens, `--use_gpu=True`
 * becomes `--use-gpu`. Unknown flags are left unchanged; the parser refuses them with the nearest name.
 */
export function translate(given: readonly string[]): Translated {
  const argv: string[] = [];
  const notes: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const token = given[i] as string;
    if (token === '--') return { argv: [...argv, ...given.slice(i)], notes };
    const { spelling, value } = split(token);
    const flag = spelling === undefined ? undefined : known.get(spelling);
    if (flag === undefined) {
      argv.push(token);
      continue;
    }
    const next = given[i + 1];
    // Only `True` and `False` are accepted as a separate word after a switch: `1` may be the name of a file.
    const follows = value === undefined && (flag.type !== 'switch' || next === 'True' || next === 'False');
    const pair = follows && flag.type === 'pair' && !String(next).includes(',') ? given[i + 2] : undefined;
    const own = pair === undefined ? (value ?? (follows ? next : undefined)) : `${next},${pair}`;
    if (follows) i += pair === undefined ? 1 : 2;
    if (flag.instead !== undefined && !(flag.type === 'switch' && toSwitch(own) === false)) {
      throw new PaddleLabError('INVALID_ARGUMENT', `--${flag.name} is not supported: ${flag.instead}`);
    }
    if (flag.instead !== undefined) continue;
    if (flag.why !== undefined) notes.push(`--${flag.name} has no effect here: ${flag.why}`);
    else argv.push(...spell(flag, own));
  }
  return { argv, notes };
}

function split(token: string): { spelling?: string; value?: string } {
  const match = /^--([^=]+)(?:=(.*))?$/s.exec(token);
  return match === null ? {} : { spelling: match[1]?.replaceAll('_', '-'), value: match[2] };
}

function spell({ name, type }: Known, value: string | undefined): string[] {
  if (type !== 'switch') return value === undefined ? [`--${name}`] : [`--${name}=${value}`];
  const on = value === undefined ? true : toSwitch(value);
  if (on === undefined) return [`--${name}=${value}`];
  return [on ? `--${name}` : `--no-${name}`];
}
