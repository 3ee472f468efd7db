import { PaddleLabError } from '../errors';
import { type OptionChecks, readOptions, text } from '../options';
import type { PaddleRuntime } from './inspect';
import { type PlaceOptions, SEARCH_LOCATIONS } from './search-locations';

/** Options of `findRuntime`. */
export interface FindRuntimeOptions {
  /** A wheel's or C++ package's folder, or the version of an installed runtime. */
  runtime?: string;
}

const checks = {
  runtime: text,
} satisfies OptionChecks<FindRuntimeOptions>;

/**
 * Finds the Paddle runtime to load: the one named by the option, else by PADDLELAB_RUNTIME, else an installed one,
 * else the paddle of the Python environment on PATH.
 *
 * A runtime that is named but invalid is an error; the search never continues silently.
 *
 * @example
 * const { version, library } = await findRuntime({ runtime: '2.6.2' });
 */
export async function findRuntime(options: FindRuntimeOptions = {}): Promise<PaddleRuntime> {
  return searchPlaces(readOptions('findRuntime', options, checks));
}

/** The search, with its environment as arguments. */
export async function searchPlaces(options: PlaceOptions): Promise<PaddleRuntime> {
  const looked: string[] = [];
  for (const look of SEARCH_LOCATIONS) {
    const report = await look(options);
    const runtime = report.runtimes[0];
    if (runtime !== undefined) return runtime;
    if (report.problem !== undefined) {
      if (report.source !== 'python') throw report.problem;
      // Python's paddle was not requested, so a problem with it is only mentioned.
      looked.push(`${report.place}: ${report.problem.message}`);
    } else {
      looked.push(report.place);
    }
  }
  throw new PaddleLabError(
    'RUNTIME_NOT_FOUND',
    `Expected a Paddle runtime but found none. Searched:\n${looked.map((place) => `  - ${place}`).join('\n')}\n` +
      'Fix: npx paddlelab runtime install',
  );
}
