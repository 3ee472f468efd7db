import { backendKind } from '../backends/backend-kinds';
import { type BackendName, checkBackend, isExternal, isPaddle, type SessionBackend } from '../backends/named-backends';
import type { PaddleOptions } from '../backends/paddle/paddle';
import { PaddleLabError } from '../errors';
import { type EngineOptions, engineOptionKeys } from '../inference/engine';
import type { ProgramFormat } from '../inference/model-files';
import { readModelSpec } from '../layouts/layouts';
import { abortSignal, boolean, checkedLater, type OptionChecks, oneOf, readOptions, textOrObject } from '../options';
import type { Task } from '../results';
import type { ModelSpec } from '../spec/spec';
import { type CustomTask, checkTask } from '../tasks/custom-task';
import { tasks } from '../tasks/tasks';
import { checkOneOf, checkString, invalidArgument, throwIfAborted } from '../validate';
import { type CustomModel, Model } from './model';

export interface LoadModelOptions extends EngineOptions {
  /**
   * What runs it, as `compareBackends` names it, such as `report.best`, or with the options of its kind: Paddle in this
   * process, in a process of its own (`{ kind: 'paddle-process' }`: a crash inside Paddle is an error then), or
   * onnxruntime-node (`{ kind: 'onnxruntime' }`). Stands for `device`, `engine`, `precision`, `threads`, `tensorrt` and
   * `runtime`, which may not be given beside it.
   */
  readonly backend?: BackendName | SessionBackend;
  /**
   * A configuration that counts instead of the folder's own, for folders that have none: the path of a YAML file, or
   * its content as an object, with the keys of `infer_cfg.yml`, `deploy.yaml` or PaddleClas' `inference_cls.yaml`.
   */
  readonly config?: string | object;
  /**
   * The task that is expected; another one is refused, and TypeScript knows the results. A detector whose architecture
   * is not known is taken for what is said here. `tensors` leaves the outputs of any model as they are, and so does a
   * task of your own (`registerTask`), which reads them.
   */
  readonly task?: Exclude<Task, 'custom'> | CustomTask;
  /** Which program to take where the folder has both; `pdmodel` by default. */
  readonly format?: ProgramFormat;
  /** Which Paddle to load: a folder or an installed version; by default the one that is found. */
  readonly runtime?: string;
  /**
   * `true` by default: what is new for this model, Paddle, CPU and number of threads is tried in processes of their own
   * first, once; later loads remember it. With `engine: "auto"` that finds the fastest engine, and with any it keeps a
   * crash inside Paddle from ending this process. `false` leaves both out.
   */
  readonly trial?: boolean;
  /** Gives up: at once during a trial, else between the steps of loading. In a notebook an interrupt does the same. */
  readonly signal?: AbortSignal;
}

/** A model of any task; narrow it by `kind`. */
export type AnyModel = { [T in Task]: Model<T> }[Task];

/**
 * Loads an exported model from its folder and prepares it to run: of PaddleDetection 1.x and 2.x (`infer_cfg.yml`),
 * PaddleSeg (`deploy.yaml`), PaddleClas and PaddleX (`inference.yml`), Paddle Serving, or a bare program. A YAML file
 * may be given in place of the folder. `model.spec` is what was found.
 *
 * Defaults: CPU with all its threads, fp32, and the engine that is fastest for this model on this machine, which a
 * trial of some seconds finds out the first time (`model.runtime.engineReason` tells). The first call of a process also
 * loads Paddle itself. Dispose the model when it is not needed any more.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, MODEL_NOT_FOUND, MODEL_UNSUPPORTED, MODEL_DAMAGED, CONFIG_INVALID,
 * RUNTIME_NOT_FOUND, RUNTIME_CONFLICT, DEVICE_UNAVAILABLE, ENGINE_UNAVAILABLE, PREDICTOR_CREATE_FAILED,
 * INVALID_ARGUMENT, UNKNOWN_OPTION, ABORTED
 *
 * @example
 * const model = await loadModel('models/shapes_det_picodet', { engine: 'openvino' });
 * model.spec.labels; // [ 'circle', 'square', 'triangle', 'star', 'heart' ]
 */
export async function loadModel<C>(
  directory: string,
  options: LoadModelOptions & { readonly task: CustomTask<C> },
): Promise<CustomModel<C>>;
export async function loadModel<T extends Exclude<Task, 'custom'>>(
  directory: string,
  options: LoadModelOptions & { readonly task: T },
): Promise<Model<T>>;
export async function loadModel(directory: string, options?: LoadModelOptions): Promise<AnyModel>;
export async function loadModel(directory: string, options: LoadModelOptions = {}): Promise<AnyModel> {
  checkString('directory', directory);
  const { config, task, format, trial = true, signal } = readOptions('loadModel', options, checks);
  const backend = backendOf(options);
  const spec = withTask(await readModelSpec(directory, { format, config, assumedTask: assumedTaskOf(task) }), task);
  throwIfAborted(signal);
  const { program, params, format: found, directory: folder } = spec.files;
  const kind = backendKind(backend.kind ?? 'paddle');
  const sessionModel = { program, params, format: found, directory: folder, spec };
  const session = await kind.open(backend, sessionModel, signal === undefined ? { trial } : { trial, signal });
  if (signal?.aborted) await session.dispose();
  throwIfAborted(signal);
  return new Model(spec.task, spec, session) as AnyModel;
}

/** What the model is taken for where its configuration does not tell. */
function assumedTaskOf(task: LoadModelOptions['task']): Exclude<Task, 'custom'> | undefined {
  return typeof task === 'object' ? 'tensors' : task;
}

/** Options of an engine are checked by the backend. */
const checks = {
  ...{ device: checkedLater, engine: checkedLater, precision: checkedLater, threads: checkedLater },
  ...{ tensorrt: checkedLater, backend: checkedLater, runtime: checkedLater },
  config: textOrObject,
  task: (name, task) => (typeof task === 'object' ? checkTask(name, task) : checkOneOf(name, task, tasks)),
  format: oneOf(['pdmodel', 'json']),
  trial: boolean,
  signal: abortSignal,
} satisfies OptionChecks<LoadModelOptions>;

/** The backend that is named, or Paddle with the options beside it. */
function backendOf(options: LoadModelOptions): SessionBackend | PaddleOptions {
  const { device, engine, precision, threads, tensorrt, runtime } = options;
  if (options.backend === undefined) return { device, engine, precision, threads, tensorrt, runtime };
  const backend = checkBackend('backend', options.backend);
  for (const key of [...engineOptionKeys, 'runtime'] as const) {
    if (options[key] === undefined) continue;
    throw invalidArgument('backend', `either backend or ${key}, because a backend says both`, backend.name);
  }
  if (isExternal(backend)) {
    throw invalidArgument(
      'backend',
      'a backend that loadModel opens (an external runtime is compared only)',
      backend.name,
    );
  }
  if (isPaddle(backend) && backend.model !== undefined) {
    throw invalidArgument('backend', `a backend of this folder; load ${backend.model} itself`, backend.name);
  }
  return backend;
}

function withTask(spec: ModelSpec, task: LoadModelOptions['task']): ModelSpec {
  if (task === undefined || task === spec.task) return spec;
  if (typeof task === 'object') return { ...spec, task: 'custom', customTask: task };
  if (task === 'tensors') return { ...spec, task, customTask: undefined };
  throw new PaddleLabError(
    'MODEL_UNSUPPORTED',
    `Expected a model for ${task} but ${spec.files.directory} is for ${spec.task}`,
  );
}

/**
 * Loads a model, hands it to a function, and disposes it afterwards whatever happens.
 *
 * @example
 * const result = await withModel('models/shapes_det_picodet', (model) => predict(model, 'photo.jpg'));
 */
export async function withModel<R>(
  directory: string,
  use: (model: AnyModel) => Promise<R>,
  options: LoadModelOptions = {},
): Promise<R> {
  if (typeof use !== 'function') throw new PaddleLabError('INVALID_ARGUMENT', 'Expected function for use');
  const model = await loadModel(directory, options);
  try {
    return await use(model);
  } finally {
    await model.dispose();
  }
}
