import { randomInt } from 'node:crypto';
import os from 'node:os';
import { type Backend, type BackendName, expandBackends, type NamedBackend } from '../backends/named-backends';
import type { Dataset } from '../datasets/dataset';
import type { ClassMapping } from '../evaluate/class-map';
import type { Metric } from '../evaluate/evaluation-plan';
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
import type { Task } from '../results';
import { tasks } from '../tasks/tasks';
import { showControls } from '../text/controls';
import { checkOneOf, invalidArgument } from '../validate';

/** The next step of a comparison. */
export interface CompareStep {
  readonly phase: 'load' | 'round' | 'batch' | 'evaluate';
  /**
   * From 1 to `count`: the number of the backend being loaded, of the round, of the batch size, or of the data set's
   * image.
   */
  readonly number: number;
  readonly count: number;
  /** Name of the backend being measured. */
  readonly backend: string;
}

/** `round 2 of 5: onednn`. */
export function describeStep({ phase, number, count, backend }: CompareStep): string {
  const words = { load: 'loading', round: 'round', batch: 'batch size', evaluate: 'image' } as const;
  return `${words[phase]} ${number} of ${count}: ${showControls(backend)}`;
}

/** What is measured: only the network, or everything from pixels to a result. */
export type CompareMode = 'model' | 'endToEnd';

/** Options of `compareBackends`. */
export interface CompareOptions {
  /** The backends, by name or as plain objects, in this order; by default all of Paddle's. */
  readonly backends?: readonly (BackendName | Backend)[];
  /** Name of the baseline; by default the first plain backend, else the first in float32. */
  readonly baseline?: string;
  /**
   * `quick` (default): 20 runs in 5 rounds after 3 warm-up runs, at most 10 seconds per backend. `paddle`: the protocol
   * of Paddle's deploy scripts, 100 runs after 100 warm-up runs, batch 1, model only, without a limit.
   */
  readonly preset?: keyof typeof presets;
  /** Warm-up runs before the first round, at least 1; later rounds drop up to 2. */
  readonly warmup?: number;
  /** Number of counted runs. */
  readonly runs?: number;
  /** Number of rounds; each round measures all backends, in a different order. */
  readonly rounds?: number;
  /** Limits a backend's counted runs to this time; each round has at least one run. */
  readonly maxSeconds?: number;
  /** A backend that takes longer than this for loading or for a round is terminated; 300 by default. */
  readonly timeoutSeconds?: number;
  /** Memory limit of a backend's process in bytes; by default nine tenths of the memory available at the start. */
  readonly memoryLimit?: number;
  /** CPU threads, or several numbers to compare; by default all threads available to this process. */
  readonly threads?: number | readonly number[];
  /** `model` (default) times only the network, `endToEnd` also preprocessing and postprocessing. */
  readonly mode?: CompareMode;
  /** Batch sizes whose throughput is measured after the rounds, in addition to batch 1; none by default. */
  readonly batchSizes?: readonly number[];
  /**
   * A data set on which each backend is evaluated after the measurements: a path as in `evaluate`, or one from
   * `openDataset` (with `limit` if all images would take too long); the report then has `accuracy`, with the difference
   * to the baseline and its interval.
   */
  readonly dataset?: string | Dataset;
  /** How the data set's classes become those of the model, as in `evaluate`. */
  readonly classes?: ClassMapping;
  /** The average precision of boxes, as in `evaluate`. */
  readonly metric?: Metric;
  /** Only objects with a score above this are compared; by default as in `predict`. */
  readonly threshold?: number;
  /** A configuration used instead of the folder's own, as in `loadModel`. */
  readonly config?: string | object;
  /** What the model does if its folder doesn't say, as in `loadModel`; a loaded model has its own task. */
  readonly task?: Exclude<Task, 'custom'>;
  /** The program format to use if the folder has both; `pdmodel` by default. */
  readonly format?: ProgramFormat;
  /** The Paddle to use, a folder or an installed version; or several to compare. */
  readonly runtime?: string | readonly string[];
  /** The Python for external runtimes that need one; `python3` by default. */
  readonly python?: string;
  /** Seed for the order in each round; random by default, and recorded in the report. */
  readonly seed?: number;
  /** Called before each step of the comparison; notebooks and terminals show the steps automatically. */
  readonly onProgress?: (step: CompareStep) => void;
  /** Stops the comparison; finished rows are kept. In a notebook an interrupt does the same. */
  readonly signal?: AbortSignal;
}

const day = 86_400;

const presets = {
  quick: { warmup: 3, runs: 20, rounds: 5, maxSeconds: 10 },
  paddle: { warmup: 100, runs: 100, rounds: 10, maxSeconds: day },
} as const;

/** The measuring protocol; recorded in the report. */
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

/** The options, checked and completed with defaults. */
export interface CheckedOptions {
  readonly backends: readonly NamedBackend[];
  /** Whether the backends were named in the options. */
  readonly named: boolean;
  readonly baseline: string | undefined;
  readonly protocol: Protocol;
  readonly timeoutMs: number;
  readonly memoryLimit: number;
  readonly dataset: string | Dataset | undefined;
  readonly classes: ClassMapping | undefined;
  readonly metric: Metric | undefined;
  readonly threshold: number | undefined;
  readonly config: string | object | undefined;
  readonly task: Exclude<Task, 'custom'> | undefined;
  readonly format: ProgramFormat | undefined;
  readonly python: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((step: CompareStep) => void) | undefined;
}

/** Backends and the baseline depend on each other and on the threads and runtimes. */
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
  dataset: checkedLater,
  classes: checkedLater,
  metric: oneOf(['coco', 'voc', 'voc2007']),
  threshold: fraction,
  config: textOrObject,
  task: oneOf(tasks),
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
  const { dataset, classes, metric } = given;
  const { baseline, threshold, config, task, format, python, signal, onProgress, timeoutSeconds = 300 } = given;
  const { threads = os.availableParallelism(), runtime = ownRuntime } = given;
  const backends = expandBackends(given.backends, { threads: toList(threads), runtimes: toList(runtime) });
  const names = backends.map(({ name }) => name);
  if (baseline !== undefined) checkOneOf('baseline', baseline, names);
  return {
    ...{ dataset, classes, metric },
    ...{ backends, baseline, threshold, config, task, format, python, signal, onProgress },
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
    // The rounds already measure batch 1.
    batchSizes: batchSizes.filter((size) => size > 1),
    seed: given.seed ?? randomInt(2 ** 31),
  };
}

function toList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** A value, or an array of values to compare. */
function oneOrSeveral<T>(expected: string, check: Check<T>): Check<T | readonly T[]> {
  const several = listOf(`${expected} or non-empty array of them`, check);
  return (name, value) => {
    if (!Array.isArray(value)) return check(name, value);
    if (value.length === 0) throw invalidArgument(name, `${expected} or non-empty array of them`, value);
    return several(name, value);
  };
}

/** The images of `compareBackends`; undefined means a generated picture. */
export type CompareImages = ImageInput | readonly ImageInput[];
