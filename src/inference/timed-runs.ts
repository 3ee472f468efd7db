import type { NativeFeed, NativeStrings } from '../native/binding';
import { checkInteger, checkNumber, checkOptions, checkSignal, invalidArgument } from '../validate';
import { checkInputs, type RunInputs } from './feeds';
import type { DeclaredInput } from './program-ports';

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
  checkOptions('timeRuns', options, ['warmup', 'runs', 'maxMs', 'signal']);
  const { warmup = 10, runs = 100, maxMs = Number.MAX_VALUE, signal } = options;
  if (signal !== undefined) checkSignal('signal', signal);
  const all = Array.isArray(inputs) ? (inputs as readonly RunInputs[]) : [inputs as RunInputs];
  if (all.length === 0) throw invalidArgument('inputs', 'inputs of one run or more', inputs);
  return {
    feeds: all.map((one) => checkInputs(declared, one)),
    warmup: checkInteger('warmup', warmup, 0),
    runs: checkInteger('runs', runs, 1),
    maxMs: checkNumber('maxMs', maxMs, 0, Number.MAX_VALUE),
    signal,
  };
}
