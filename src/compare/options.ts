import { randomInt } from 'node:crypto';
import os from 'node:os';
import { type Backend, type BackendName, expandBackends, type NamedBackend } from '../backends/named-backends';
import type { ImageInput } from '../image/image';
import type { ProgramFormat } from '../inference/model-files';
import {
  abortSignal,
  type Check,
  callback,
  checkedLater,
  fraction,
  integer,
  listOf,
  number,
  type OptionChecks,
  oneOf,
  readOptions,
  text,
  textOrObject,
} from '../options';
import { availableBytes } from '../processes/process-memory';
import { showControls } from '../text/controls';
import { checkOneOf, invalidArgument } from '../validate';

/** What a comparison does next. */
export interface CompareStep {
  readonly phase: 'load' | 'round' | 'batch';
  /** From 1, of `count`: the backends that are loaded, the rounds, or the batch sizes. */
  readonly number: number;
  readonly count: number;
  /** Name of the backend whose turn it is. */
  readonly backend: string;
}

/** `round 2 of 5: onednn`. */
export function describeStep({ phase, number, count, backend }: CompareStep): string {
  const words = { load: 'loading', round: 'round', batch: 'batch size' } as const;
  return `${words[phase]} ${number} of ${count}: ${showControls(backend)}`;
}

/** What is measured: the network alone, or the whole way from pixels to a result. */
export type CompareMode = 'model' | 'endToEnd';

export interface CompareOptions {
  /** Which backends, by name or as plain objects, in this order; by default all of Paddle's. */
  readonly backends?: readonly (BackendName | Backend)[];
  /** Name of the one that the others are held against; by default the first plain one, else the first in float32. */
  readonly baseline?: string;
  /**
   * `quick` (default): 20 runs in 5 rounds after 3 that don't count, at most 10 seconds a backend. `paddle`: the
   * protocol of Paddle's deploy scripts, 100 runs after 100 that don't count, batch 1, model only, without a limit.
   */
  readonly preset?: keyof typeof presets;
  /** Runs before the first round that are not counted, at least 1; later rounds drop up to 2. */
  readonly warmup?: number;
  /** Runs that are counted. */
  readonly runs?: number;
  /** In so many rounds, each of which measures all backends, in an order of its own. */
  readonly rounds?: number;
  /** Stops a backend's counted runs after this time, though not before one a round. */
  readonly maxSeconds?: number;
  /** A backend that takes longer than this for loading or for a round is ended; 300 by default. */
  readonly timeoutSeconds?: number;
  /** Bytes that a backend's process may take; by default nine tenths of what is available at the start. */
  readonly memoryLimit?: number;
  /** CPU threads, or several counts to compare; by default all that this process may use. */
  readonly threads?: number | readonly number[];
  /** `model` (default) times the network alone, `endToEnd` also what is before and after it. */
  readonly mode?: CompareMode;
  /** Images a run whose throughput is measured, after the rounds and beside batch 1; none by default. */
  readonly batchSizes?: readonly number[];
  /** What has a score above this is compared; by default as `predict` does. */
  readonly threshold?: number;
  /** A configuration that counts instead of the folder's own, as `loadModel` takes it. */
  readonly config?: string | object;
  /** Which program to take where the folder has both; `pdmodel` by default. */
  readonly format?: ProgramFormat;
  /** Which Paddle to use, a folder or an installed version; or several to compare. */
  readonly runtime?: string | readonly string[];
  /** The Python of external runtimes that need one; `python3` by default. */
  readonly python?: string;
  /** Decides the order in each round; by chance by default, and recorded. */
  readonly seed?: number;
  /** Called before each step of the comparison; the notebook and the terminal show them by themselves. */
  readonly onProgress?: (step: CompareStep) => void;
  /** Stops; the rows that are done are kept. In a notebook an interrupt does the same. */
  readonly signal?: AbortSignal;
}

const day = 86_400;

const presets = {
  quick: { warmup: 3, runs: 20, rounds: 5, maxSeconds: 10 },
  paddle: { warmup: 100, runs: 100, rounds: 10, maxSeconds: day },
} as const;

/** How it was measured; recorded in the report. */
export interface Protocol {
  readonly preset: keyof typeof presets;
  readonly mode: CompareMode;
  readonly warmup: number;
  readonly runs: number;
  readonly rounds: number;
  readonly maxSeconds: number;
  readonly batchSizes: readonly number[];
  readonly seed: number;
}

/** The options, checked and with defaults. */
export interface CheckedOptions {
  readonly backends: readonly NamedBackend[];
  /** Whether they were named in the options. */
  readonly named: boolean;
  readonly baseline: string | undefined;
  readonly protocol: Protocol;
  readonly timeoutMs: number;
  readonly memoryLimit: number;
  readonly threshold: number | undefined;
  readonly config: string | object | undefined;
  readonly format: ProgramFormat | undefined;
  readonly python: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((step: CompareStep) => void) | undefined;
}

/** Backends and the baseline depend on one another and on the threads and runtimes. */
const checks = {
  backends: checkedLater,
  baseline: text,
  preset: oneOf(['quick', 'paddle']),
  warmup: integer(1),
  runs: integer(1),
  rounds: integer(1),
  maxSeconds: number(0, day),
  timeoutSeconds: number(0.001, day),
  memoryLimit: number(1, 2 ** 52),
  threads: oneOrSeveral('integer ≥ 1', integer(1)),
  mode: oneOf(['model', 'endToEnd']),
  batchSizes: listOf('array of integers ≥ 1', integer(1)),
  threshold: fraction,
  config: textOrObject,
  format: oneOf(['pdmodel', 'json']),
  runtime: oneOrSeveral('string', text),
  python: text,
  seed: integer(0),
  onProgress: callback,
  signal: abortSignal,
} satisfies OptionChecks<CompareOptions>;

/** @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkCompareOptions(options: CompareOptions, ownRuntime: string | undefined): CheckedOptions {
  const given = readOptions('compareBackends', options, checks);
  const { baseline, threshold, config, format, python, signal, onProgress, timeoutSeconds = 300 } = given;
  const { threads = os.availableParallelism(), runtime = ownRuntime } = given;
  const backends = expandBackends(given.backends, { threads: toList(threads), runtimes: toList(runtime) });
  const names = backends.map(({ name }) => name);
  if (baseline !== undefined) checkOneOf('baseline', baseline, names);
  return {
    ...{ backends, baseline, threshold, config, format, python, signal, onProgress },
    named: given.backends !== undefined,
    protocol: protocolOf(given),
    timeoutMs: 1000 * timeoutSeconds,
    memoryLimit: given.memoryLimit ?? availableBytes() * 0.9,
  };
}

function protocolOf({ preset = 'quick', mode = 'model', batchSizes = [], ...given }: CompareOptions): Protocol {
  const defaults = presets[preset];
  const { warmup = defaults.warmup, runs = defaults.runs, rounds = defaults.rounds } = given;
  const { maxSeconds = defaults.maxSeconds } = given;
  return {
    ...{ preset, mode, warmup, runs, maxSeconds },
    rounds: Math.min(runs, rounds),
    // What the rounds measure is batch 1.
    batchSizes: batchSizes.filter((size) => size > 1),
    seed: given.seed ?? randomInt(2 ** 31),
  };
}

function toList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** A value, or several to compare. */
function oneOrSeveral<T>(expected: string, check: Check<T>): Check<T | readonly T[]> {
  const several = listOf(`${expected} or non-empty array of them`, check);
  return (name, value) => {
    if (!Array.isArray(value)) return check(name, value);
    if (value.length === 0) throw invalidArgument(name, `${expected} or non-empty array of them`, value);
    return several(name, value);
  };
}

/** What `compareBackends` takes as images; nothing stands for a made-up picture. */
export type CompareImages = ImageInput | readonly ImageInput[];
