import { type EngineOptions, engines } from '../inference/engine';
import { checkInteger, checkOneOf, checkOptions, checkString, invalidArgument } from '../validate';
import { backendKind, checkSessionBackend, sessionKindNames } from './backend-kinds';
import { type ExternalRuntime, externalKinds } from './external/external-runtimes';
import type { OnnxRuntimeOptions } from './onnxruntime/onnxruntime';
import type { OpenInferenceOptions } from './open-inference/options';
import type { PaddleProcessOptions } from './paddle-process/paddle-process';
import { checkPipelineBackend, isPipeline, type PipelineBackend } from './pipeline-backend';

/** A Paddle configuration for running a model, with the options of `loadModel`. */
export interface PaddleBackend extends EngineOptions {
  readonly kind?: 'paddle';
  /** Name in the report; by default derived from the other options. */
  readonly name?: string;
  /** The Paddle runtime: a folder or an installed version. */
  readonly runtime?: string;
  /** Another folder of the same network, such as a quantised export; the compared model's own by default. */
  readonly model?: string;
  /**
   * Number of predictors that share the weights and run concurrently; 1 by default. Latencies are measured per
   * predictor.
   */
  readonly clones?: number;
}

/**
 * The kinds of backends that `loadModel` takes, by name. Kinds registered outside the package add themselves: `declare
 * module 'paddlelab' { interface SessionBackends { mine: MyOptions } }`.
 */
export interface SessionBackends {
  paddle: PaddleBackend;
  'paddle-process': PaddleProcessOptions;
  onnxruntime: OnnxRuntimeOptions;
  'open-inference': OpenInferenceOptions;
}

/** A backend that `loadModel` takes, as plain data. */
export type SessionBackend = SessionBackends[keyof SessionBackends];

/** A backend as plain data: one for `loadModel`, or for comparison an external runtime or a pipeline on a server. */
export type Backend = SessionBackend | ExternalRuntime | PipelineBackend;

/** A backend with its name. */
export type NamedBackend = Backend & { readonly name: string };

/** The options behind each name; `plain` is the baseline for the others. */
const presets = {
  plain: { engine: 'plain' },
  onednn: { engine: 'onednn' },
  'onednn-fused': { engine: 'onednn-fused' },
  'onednn-bf16': { engine: 'onednn', precision: 'bf16' },
  'onednn-int8': { engine: 'onednn', precision: 'int8' },
  openvino: { engine: 'openvino' },
  'openvino-fp16': { engine: 'openvino', precision: 'fp16' },
  'openvino-bf16': { engine: 'openvino', precision: 'bf16' },
  gpu: { device: 'gpu', engine: 'plain' },
  'gpu-fp16': { device: 'gpu', engine: 'plain', precision: 'fp16' },
  'gpu-bf16': { device: 'gpu', engine: 'plain', precision: 'bf16' },
  tensorrt: { device: 'gpu', engine: 'plain', tensorrt: true },
  'tensorrt-fp16': { device: 'gpu', engine: 'plain', tensorrt: true, precision: 'fp16' },
  'tensorrt-int8': { device: 'gpu', engine: 'plain', tensorrt: true, precision: 'int8' },
  'paddle-python': { kind: 'paddle-python', engine: 'onednn' },
  'openvino-runtime': { kind: 'openvino-runtime' },
  'openvino-runtime-bf16': { kind: 'openvino-runtime', precision: 'bf16' },
  onnxruntime: { kind: 'onnxruntime' },
  'paddle-process': { kind: 'paddle-process' },
} as const satisfies Readonly<Record<string, Backend>>;

/** The named backends. */
export type BackendName = keyof typeof presets;

export const backendNames = Object.keys(presets) as BackendName[];

/** The default backends of a comparison: all of Paddle's own. */
export const paddleBackendNames: readonly BackendName[] = backendNames.filter((name) => !('kind' in presets[name]));

/** Options that a comparison adds to those of Paddle's kind. */
const comparedKeys = ['model', 'clones'] as const;

/** Variations: each backend runs with each combination of these. */
export interface Variations {
  readonly threads: readonly number[];
  /** `undefined` means the runtime found by default. */
  readonly runtimes: readonly (string | undefined)[];
}

/**
 * The backends of a comparison: names are replaced by their options, each backend is varied over threads and runtimes
 * unless it sets its own, and display names are made unique.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 */
export function expandBackends(wanted: unknown, variations: Variations): NamedBackend[] {
  const list = wanted === undefined ? paddleBackendNames : wanted;
  if (!Array.isArray(list) || list.length === 0) throw invalidArgument('backends', 'non-empty array', wanted);
  const expanded = list.flatMap((backend, i) => vary(checkBackend(`backends[${i}]`, backend), variations));
  const counts = new Map<string, number>();
  return expanded.map((backend) => {
    const count = (counts.get(backend.name) ?? 0) + 1;
    counts.set(backend.name, count);
    return count === 1 ? backend : { ...backend, name: `${backend.name} #${count}` };
  });
}

/**
 * Resolves a backend from a name or an options object.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 */
export function checkBackend(name: string, backend: unknown): NamedBackend {
  if (typeof backend === 'string') {
    const preset = checkOneOf(name, backend, backendNames);
    return { ...presets[preset], name: preset };
  }
  if (backend === null || typeof backend !== 'object') throw invalidArgument(name, 'name or options object', backend);
  const given = backend as Backend;
  checkOneOf(`${name}.kind`, given.kind ?? 'paddle', [
    ...sessionKindNames(),
    ...[...Object.keys(externalKinds), 'pipeline'],
  ]);
  if (isPipeline(given)) checkPipelineBackend(name, given);
  else if (isExternal(given)) checkExternal(name, given);
  else checkSession(name, given);
  return { ...given, name: given.name ?? nameOf(given) } as NamedBackend;
}

function checkSession(name: string, given: SessionBackend): void {
  if (given.kind !== undefined && given.kind !== 'paddle') {
    checkSessionBackend(name, given);
    return;
  }
  const { model, clones, ...options } = given;
  checkOptions(name, given, ['kind', 'name', ...backendKind('paddle').optionKeys, ...comparedKeys]);
  checkSessionBackend(name, options);
  if (model !== undefined) checkString(`${name}.model`, model);
  if (clones !== undefined) checkInteger(`${name}.clones`, clones, 1);
}

function checkExternal(name: string, given: ExternalRuntime): void {
  checkOptions(name, given, ['kind', 'name', ...externalKinds[given.kind].keys]);
  for (const key of ['name', 'python', 'command'] as const) {
    const value = (given as unknown as Record<string, unknown>)[key];
    if (value !== undefined) checkString(`${name}.${key}`, value);
  }
  if (given.precision !== undefined) checkOneOf('precision', given.precision, ['fp32', 'fp16', 'bf16', 'int8']);
  if ('engine' in given && given.engine !== undefined) checkOneOf('engine', given.engine, [...engines, 'auto']);
  if (given.kind === 'command') checkCommand(name, given);
  if (given.threads !== undefined) checkInteger(`${name}.threads`, given.threads, 1);
}

function checkCommand(name: string, { command, args = [] }: Extract<ExternalRuntime, { kind: 'command' }>): void {
  checkString(`${name}.command`, command);
  if (!Array.isArray(args) || args.some((one) => typeof one !== 'string')) {
    throw invalidArgument(`${name}.args`, 'array of strings', args);
  }
}

/** `onednn-bf16`, `gpu:1-fp16`, `openvino-runtime`. */
function nameOf(backend: Backend): string {
  const given = 'precision' in backend ? backend.precision : undefined;
  const precision = given === undefined || given === 'fp32' ? '' : `-${given}`;
  if (!isPaddle(backend)) {
    const engine = backend.kind === 'paddle-python' ? `-${backend.engine ?? 'onednn'}` : '';
    return `${backend.kind}${engine}${precision}`;
  }
  const { device = 'cpu', tensorrt, engine = 'auto', clones = 1 } = backend;
  const on =
    device === 'cpu'
      ? engine
      : tensorrt === undefined || tensorrt === false
        ? device
        : device.replace('gpu', 'tensorrt');
  return `${on}${precision}${clones > 1 ? ` × ${clones}` : ''}`;
}

/** Whether it is Paddle's native predictor. */
export function isPaddle<B extends Backend>(backend: B): backend is B & PaddleBackend {
  return backend.kind === undefined || backend.kind === 'paddle';
}

/** Whether it is an external program, which `loadModel` does not support. */
export function isExternal<B extends Backend>(backend: B): backend is B & ExternalRuntime {
  return backend.kind !== undefined && backend.kind in externalKinds;
}

function vary(backend: NamedBackend, { threads, runtimes }: Variations): NamedBackend[] {
  if (isPipeline(backend)) return [backend];
  // A GPU and a server do not use the CPU threads of this process, and other kinds have their own library.
  const onCpu = backend.kind !== 'open-inference' && (!('device' in backend) || (backend.device ?? 'cpu') === 'cpu');
  const ownThreads = backend.threads === undefined && onCpu ? threads : [backend.threads ?? threads[0]!];
  const ownRuntimes = !isPaddle(backend) ? [undefined] : backend.runtime === undefined ? runtimes : [backend.runtime];
  return ownRuntimes.flatMap((runtime) =>
    ownThreads.map((count) => {
      const notes = [
        ...(ownThreads.length > 1 ? [`${count} ${count === 1 ? 'thread' : 'threads'}`] : []),
        ...(ownRuntimes.length > 1 && runtime !== undefined ? [runtime] : []),
      ];
      const name = notes.length === 0 ? backend.name : `${backend.name} (${notes.join(', ')})`;
      const varied =
        runtime === undefined ? { ...backend, threads: count, name } : { ...backend, threads: count, runtime, name };
      return varied as NamedBackend;
    }),
  );
}
