import type { NativeFeed, NativeStrings } from '../native/paddle-types';
import { abortSignal, integer, number, type OptionChecks, readOptions } from '../options';
import { invalidArgument } from '../validate';
import { checkInputs, type RunInputs } from './feeds';
import type { DeclaredInput } from './program-ports';

/** Options of `timeRuns`. */
export interface TimeRunsOptions {
  /** Warm-up runs; 10 by default. */
  readonly warmup?: number;
  /** Maximum number of timed runs; 100 by default. */
  readonly runs?: number;
  /** Time budget for timed runs in milliseconds; no limit by default. At least one run is timed. */
  readonly maxMs?: number;
  /** Cancels the runs: the promise rejects at once, and the current run is the last. */
  readonly signal?: AbortSignal;
}

const checks = {
  warmup: integer(0),
  runs: integer(1),
  maxMs: number(0, Number.MAX_VALUE),
  signal: abortSignal,
} satisfies OptionChecks<TimeRunsOptions>;

/** The request to the native side. */
interface TimedRuns {
  readonly feeds: (NativeFeed | NativeStrings)[][];
  readonly warmup: number;
  readonly runs: number;
  readonly maxMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Checks the inputs and options against the program's declarations.
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
