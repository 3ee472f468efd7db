import { PaddleLabError } from '../errors';
import { type OptionChecks, readOptions, text } from '../options';
import type { PaddleRuntime } from './inspect';
import { type PlaceOptions, SEARCH_LOCATIONS } from './search-locations';

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
 * One that is named but wrong is an error; the search never goes on to another in silence.
 *
 * @example
 * const { version, library } = await findRuntime({ runtime: '2.6.2' });
 */
export async function findRuntime(options: FindRuntimeOptions = {}): Promise<PaddleRuntime> {
  return searchPlaces(readOptions('findRuntime', options, checks));
}

/** The search, with the surroundings as arguments. */
export async function searchPlaces(options: PlaceOptions): Promise<PaddleRuntime> {
  const looked: string[] = [];
  for (const look of SEARCH_LOCATIONS) {
    const report = await look(options);
    const runtime = report.runtimes[0];
    if (runtime !== undefined) return runtime;
    if (report.problem !== undefined) {
      if (report.source !== 'python') throw report.problem;
      // Nobody asked for Python's paddle, so it is only mentioned.
      looked.push(`${report.place}: ${report.problem.message}`);
    } else {
      looked.push(report.place);
    }
  }
  throw new PaddleLabError(
    'RUNTIME_NOT_FOUND',
    `Expected a Paddle runtime but found none. Looked at:\n${looked.map((place) => `  - ${place}`).join('\n')}\n` +
      'Fix: npx paddlelab runtime install',
  );
}
