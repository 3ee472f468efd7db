import os from 'node:os';
import { decodeImage, type ImageInput, resolvePath } from '../image/image';
import type { ProgramFormat } from '../inference/model-files';
import { readModelSpec } from '../model/layouts/registry';
import { Model } from '../model/model';
import { currentCellSignal } from '../notebook/live';
import { findRuntime } from '../runtime';
import {
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkSignal,
  checkString,
  invalidArgument,
} from '../validate';
import { agreementOf } from './agreement';
import { type BackendName, backendNames, backendOptions, baselineName } from './backends';
import { showProgress } from './progress';
import type { MeasureReply, MeasureRequest } from './protocol';
import { BackendReport, type BackendRow } from './report';
import { type ChildOutcome, runChild } from './run-child';

export type { BackendName } from './backends';

export interface CompareOptions {
  /** Which backends, in this order; all by default. */
  readonly backends?: readonly BackendName[];
  /** Runs that are not counted, at least 1; 3 by default. */
  readonly warmup?: number;
  /** Runs that are counted; 20 by default. */
  readonly runs?: number;
  /** Stops a backend's counted runs after this time, though not before three; 10 by default. */
  readonly maxSeconds?: number;
  /** A backend that takes longer than this altogether is given up; 300 by default. */
  readonly timeoutSeconds?: number;
  /** CPU threads; by default all that this process may use. */
  readonly threads?: number;
  /** What has a score above this is compared; by default as `predict` does. */
  readonly threshold?: number;
  /** A configuration that counts instead of the folder's own, as `loadModel` takes it. */
  readonly config?: string | object;
  /** Which program to take where the folder has both; `pdmodel` by default. */
  readonly format?: ProgramFormat;
  /** Which Paddle to use: a folder or an installed version. */
  readonly runtime?: string;
  /** Stops; the rows that are done are kept. In a notebook an interrupt does the same. */
  readonly signal?: AbortSignal;
}

const optionKeys = [
  'backends',
  'warmup',
  'runs',
  'maxSeconds',
  'timeoutSeconds',
  'threads',
  'threshold',
  'config',
  'format',
  'runtime',
  'signal',
];

/**
 * Measures a model on every engine that this CPU has, each in a process of its own, and holds what it finds against
 * Paddle's plain kernels. A backend that is missing, fails, crashes or hangs is a row with the reason.
 *
 * @param model a model's folder, or a loaded model (whose folder is loaded again)
 * @param image what to run it on
 * @throws PaddleLabError FILE_NOT_FOUND, MODEL_NOT_FOUND, MODEL_UNSUPPORTED, CONFIG_INVALID, IMAGE_UNREADABLE,
 * RUNTIME_NOT_FOUND, INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * const report = await compareBackends('models/shapes_det_picodet', 'shapes.png', { runs: 10 });
 * report.best; // 'openvino'
 */
export async function compareBackends(
  model: string | Model,
  image: ImageInput,
  options: CompareOptions = {},
): Promise<BackendReport> {
  const plan = await makePlan(model, image, options);
  const signal = options.signal ?? currentCellSignal();
  const outcomes = new Map<BackendName, ChildOutcome>();
  const progress = showProgress();
  try {
    for (const backend of plan.backends) {
      progress.update(makeReport(plan, outcomes, backend));
      const request = { ...plan.request, options: { ...plan.request.options, ...backendOptions[backend] } };
      outcomes.set(backend, await runChild(request, { timeoutMs: plan.timeoutMs, signal }));
    }
  } finally {
    progress.end(makeReport(plan, outcomes, undefined));
  }
  return makeReport(plan, outcomes, undefined);
}

interface Plan {
  readonly backends: readonly BackendName[];
  readonly threads: number;
  readonly timeoutMs: number;
  readonly request: MeasureRequest;
}

async function makePlan(model: string | Model, image: ImageInput, options: CompareOptions): Promise<Plan> {
  checkOptions('compareBackends', options, optionKeys);
  const loaded = model instanceof Model ? model.spec.files : undefined;
  const directory = loaded?.directory ?? resolvePath(checkString('model', model));
  const wanted = options.format ?? loaded?.format;
  if (wanted !== undefined) checkOneOf('format', wanted, ['pdmodel', 'json']);
  if (options.signal !== undefined) checkSignal('signal', options.signal);
  const threads = checkInteger('threads', options.threads ?? os.availableParallelism(), 1);
  if (options.threshold !== undefined) checkNumber('threshold', options.threshold, 0, 1);
  const request = {
    threshold: options.threshold,
    warmup: checkInteger('warmup', options.warmup ?? 3, 1),
    runs: checkInteger('runs', options.runs ?? 20, 1),
    maxSeconds: checkNumber('maxSeconds', options.maxSeconds ?? 10, 0, 86_400),
  };
  const timeoutMs = 1000 * checkNumber('timeoutSeconds', options.timeoutSeconds ?? 300, 0.001, 86_400);
  const backends = checkBackends(options.backends);
  const config = options.config ?? loaded?.config;
  const own = model instanceof Model && (model.kind === 'custom' || model.kind === 'tensors');
  const spec = await readModelSpec(directory, { format: wanted, config, anyArchitecture: own });
  const runtime = (
    await findRuntime({
      runtime: options.runtime ?? (model instanceof Model ? model.predictor.runtime.root : undefined),
    })
  ).root;
  const pixels = await decodeImage(image);
  // A task of the user's is not known to other processes, which compare its tensors.
  const task = own || spec.task === 'custom' ? ('tensors' as const) : undefined;
  const loadOptions = { format: spec.files.format, config, threads, runtime, task };
  return { backends, threads, timeoutMs, request: { ...request, directory, image: pixels, options: loadOptions } };
}

function checkBackends(backends: unknown): readonly BackendName[] {
  if (backends === undefined) return backendNames;
  if (!Array.isArray(backends) || backends.length === 0) {
    throw invalidArgument('backends', 'non-empty array of names', backends);
  }
  return backends.map((backend, i) => checkOneOf(`backends[${i}]`, backend, backendNames));
}

function makeReport(
  plan: Plan,
  outcomes: ReadonlyMap<BackendName, ChildOutcome>,
  running: BackendName | undefined,
): BackendReport {
  const baseline = outcomes.get(baselineName);
  const measured = baseline?.kind === 'measured' ? baseline : undefined;
  const rows = plan.backends.map((backend) => {
    const outcome = outcomes.get(backend);
    if (outcome !== undefined) return makeRow(backend, outcome, measured, plan.timeoutMs);
    const reason = backend === running ? 'measuring …' : 'waiting';
    return { kind: 'pending', backend, reason } as const;
  });
  const any = [...outcomes.values()].find((outcome) => outcome.kind === 'measured');
  return new BackendReport(rows, plan.threads, any?.kind === 'measured' ? any.paddle : undefined);
}

type MeasuredReply = Extract<MeasureReply, { kind: 'measured' }>;

function makeRow(
  backend: BackendName,
  outcome: ChildOutcome,
  baseline: MeasuredReply | undefined,
  timeoutMs: number,
): BackendRow {
  switch (outcome.kind) {
    case 'measured':
      return makeMeasured(backend, outcome, baseline);
    case 'error': {
      const missing = outcome.code === 'ENGINE_UNAVAILABLE' || outcome.code === 'DEVICE_UNAVAILABLE';
      return { kind: missing ? 'unavailable' : 'failed', backend, reason: outcome.message };
    }
    case 'crashed':
      return { kind: 'crashed', backend, reason: outcome.reason };
    case 'timeout':
      return { kind: 'timeout', backend, reason: `gave no result within ${timeoutMs / 1000} s` };
    case 'interrupted':
      return { kind: 'interrupted', backend, reason: 'given up' };
  }
}

function makeMeasured(backend: BackendName, outcome: MeasuredReply, baseline: MeasuredReply | undefined): BackendRow {
  const medianMs = median(outcome.latenciesMs);
  return {
    kind: 'measured',
    backend,
    medianMs,
    minMs: Math.min(...outcome.latenciesMs),
    maxMs: Math.max(...outcome.latenciesMs),
    runs: outcome.latenciesMs.length,
    loadMs: outcome.loadMs,
    firstRunMs: outcome.firstRunMs,
    speedup: baseline && median(baseline.latenciesMs) / medianMs,
    agreement: baseline && agreementOf(baseline.findings, outcome.findings),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
