import type { NativeFeed, NativeStrings } from '../native/binding';
import { abortSignal, integer, number, type OptionChecks, readOptions } from '../options';
import { invalidArgument } from '../validate';
import { checkInputs, type RunInputs } from './feeds';
import type { DeclaredInput } from './program-ports';

export interface TimeRunsOptions {
  /** Runs before those that are timed; 10 by default. */
  readonly warmup?: number;
  /** Runs that are timed at most; 100 by default. */
  readonly runs?: number;
  /** Milliseconds of timed runs after which no other begins; no limit by default. One run is always timed. */
  readonly maxMs?: number;
  /** Gives the runs up: the promise rejects at once, and the run that has begun is the last. */
  readonly signal?: AbortSignal;
}

const checks = {
  warmup: integer(0),
  runs: integer(1),
  maxMs: number(0, Number.MAX_VALUE),
  signal: abortSignal,
} satisfies OptionChecks<TimeRunsOptions>;

/** What the native side takes. */
interface TimedRuns {
  readonly feeds: (NativeFeed | NativeStrings)[][];
  readonly warmup: number;
  readonly runs: number;
  readonly maxMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Holds what is to be timed against what the program declares.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function checkTimedRuns(
  declared: readonly DeclaredInput[],
  inputs: RunInputs | readonly RunInputs[],
  options: TimeRunsOptions,
): TimedRuns {
  const { warmup = 10, runs = 100, maxMs = Number.MAX_VALUE, signal } = readOptions('timeRuns', options, checks);
  const all = Array.isArray(inputs) ? (inputs as readonly RunInputs[]) : [inputs as RunInputs];
  if (all.length === 0) throw invalidArgument('inputs', 'inputs of one run or more', inputs);
  return {
    feeds: all.map((one) => checkInputs(declared, one)),
    ...{ warmup, runs, maxMs, signal },
  };
}
