import { backendKind } from '../backends/backend-kinds';
import { type BackendName, checkBackend, isExternal, isPaddle, type SessionBackend } from '../backends/named-backends';
import type { PaddleOptions } from '../backends/paddle/paddle';
import { isPipeline } from '../backends/pipeline-backend';
import { withProgress } from '../display/progress-output';
import { PaddleLabError } from '../errors';
import type { ModelName } from '../hub/catalogue/official-models';
import { type EngineOptions, engineOptionKeys } from '../inference/engine';
import type { ProgramFormat } from '../inference/model-files';
import { readModelSpec } from '../layouts/layouts';
import { abortSignal, boolean, checkedLater, type OptionChecks, oneOf, readOptions, textOrObject } from '../options';
import type { Task } from '../results';
import { parseModelUrl } from '../spec/model-url';
import type { CustomTask, ModelSpec } from '../spec/spec';
import { checkTask } from '../tasks/custom-task';
import { tasks } from '../tasks/tasks';
import { checkOneOf, checkString, invalidArgument, throwIfAborted } from '../validate';
import { checkInputs } from './check-inputs';
import { type CustomModel, Model } from './model';

/** Options of `loadModel`. */
export interface LoadModelOptions extends EngineOptions {
  /**
   * The backend: a name as in `compareBackends`, an object such as `report.best`, or the options of a kind: Paddle in
   * this process, Paddle in a separate process (`{ kind: 'paddle-process' }`: a crash inside Paddle is then an error),
   * onnxruntime-node (`{ kind: 'onnxruntime' }`), or a server (`{ kind: 'open-inference', url, model }`). Replaces `device`, `engine`, `precision`, `threads`, `tensorrt`
   * and `runtime`, which can't be combined with it.
   */
  readonly backend?: BackendName | SessionBackend;
  /**
   * A configuration that replaces the folder's own, or for folders that have none: the path of a YAML file, or its
   * content as an object, with the keys of `infer_cfg.yml`, `deploy.yaml` or PaddleClas' `inference_cls.yaml`.
   */
  readonly config?: string | object;
  /**
   * The expected task; a model of another task is refused, and TypeScript knows the result type. A detector of an
   * unknown architecture is treated as this task. `tensors` returns the raw outputs of any model; a task of your own
   * (`registerTask`) gets the raw outputs and interprets them.
   */
  readonly task?: Exclude<Task, 'custom'> | CustomTask;
  /** The program to load if the folder has both formats; `pdmodel` by default. */
  readonly format?: ProgramFormat;
  /** The Paddle runtime to load: a folder or an installed version; by default the first one found. */
  readonly runtime?: string;
  /**
   * `true` by default: settings that are new for this model, Paddle, CPU and number of threads are tried once in
   * separate processes, and the result is cached. With `engine: "auto"` the trial finds the fastest engine; with any
   * engine it keeps a crash inside Paddle from ending this process. `false` skips both.
   */
  readonly trial?: boolean;
  /**
   * Cancels loading: at once during a download or a trial, otherwise between the loading steps. In a notebook an interrupt does the
   * same.
   */
  readonly signal?: AbortSignal;
}

/** A model of any task; narrow it by `kind`. */
export type AnyModel = { [T in Task]: Model<T> }[Task];

/**
 * Loads an exported model from its folder, or an official model of PaddleX by its name, and prepares it to run. A name
 * is downloaded once into the cache (see `models.pull`); a folder has precedence over a name. Supports exports of PaddleDetection 1.x and 2.x
 * (`infer_cfg.yml`), PaddleSeg (`deploy.yaml`), PaddleClas and PaddleX (`inference.yml`), Paddle Serving, and bare
 * programs. A YAML file may be given in place of the folder. `model.spec` describes the model.
 *
 * A model that is on a server only is given by its URL, `http://host:8000/v2/models/NAME`: its inputs are those that the
 * server describes, and results are tensors unless `config` says what they mean.
 *
 * Defaults: CPU with all its threads, fp32, and the fastest engine for this model on this machine, which is found by a
 * trial of some seconds at the first load (see `model.runtime.engineReason`). The first call in a process also loads
 * Paddle itself. Dispose the model when it is no longer needed.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, MODEL_NOT_FOUND, MODEL_UNSUPPORTED, MODEL_DAMAGED, CONFIG_INVALID,
 * DOWNLOAD_FAILED, FILE_UNWRITABLE, RUNTIME_NOT_FOUND, RUNTIME_CONFLICT, DEVICE_UNAVAILABLE, ENGINE_UNAVAILABLE, PREDICTOR_CREATE_FAILED, REMOTE_FAILED,
 * INVALID_ARGUMENT, UNKNOWN_OPTION, ABORTED
 *
 * @example
 * const model = await loadModel('models/shapes_det_picodet', { engine: 'openvino' });
 * model.spec.labels; // [ 'circle', 'square', 'triangle', 'star', 'heart' ]
 */
export async function loadModel<C>(
  directory: ModelName,
  options: LoadModelOptions & { readonly task: CustomTask<C> },
): Promise<CustomModel<C>>;
export async function loadModel<T extends Exclude<Task, 'custom'>>(
  directory: ModelName,
  options: LoadModelOptions & { readonly task: T },
): Promise<Model<T>>;
export async function loadModel(directory: ModelName, options?: LoadModelOptions): Promise<AnyModel>;
export async function loadModel(directory: ModelName, options: LoadModelOptions = {}): Promise<AnyModel> {
  checkString('directory', directory);
  const { config, task, format, trial = true, signal } = readOptions('loadModel', options, checks);
  const backend = backendOf(directory, options);
  const spec = withTask(
    await readModelSpec(directory, { format, config, assumedTask: assumedTaskOf(task), signal }),
    task,
  );
  throwIfAborted(signal);
  const { program, params, format: found, directory: folder } = spec.files;
  const kind = backendKind(backend.kind ?? 'paddle');
  const sessionModel = { program, params, format: found, directory: folder, spec };
  const session = await kind.open(backend, sessionModel, { trial, signal, showProgress: withProgress });
  try {
    throwIfAborted(signal);
    checkInputs(spec, session.inputs);
  } catch (error) {
    await session.dispose();
    throw error;
  }
  return new Model(spec.task, spec, session) as AnyModel;
}

/** The task to assume if the configuration does not determine it. */
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

/** The named backend, or Paddle with the other options; for a model on a server, that one. */
function backendOf(directory: string, options: LoadModelOptions): SessionBackend | PaddleOptions {
  const { device, engine, precision, threads, tensorrt, runtime } = options;
  if (parseModelUrl(directory) !== undefined) return remoteBackendOf(directory, options);
  if (options.backend === undefined) return { device, engine, precision, threads, tensorrt, runtime };
  const backend = checkBackend('backend', options.backend);
  for (const key of [...engineOptionKeys, 'runtime'] as const) {
    if (options[key] === undefined) continue;
    throw invalidArgument('backend', `either backend or ${key}, because backend includes it`, backend.name);
  }
  if (isPipeline(backend)) {
    throw invalidArgument('backend', 'a backend for loadModel (loadPipeline takes a pipeline)', backend.name);
  }
  if (isExternal(backend)) {
    throw invalidArgument('backend', 'a backend for loadModel (an external runtime is compared only)', backend.name);
  }
  if (isPaddle(backend) && backend.model !== undefined) {
    throw invalidArgument('backend', `a backend of this folder; load ${backend.model} itself`, backend.name);
  }
  return backend;
}

function remoteBackendOf(url: string, { backend, ...options }: LoadModelOptions): SessionBackend {
  const named = backend === undefined ? { kind: 'open-inference' as const } : checkBackend('backend', backend);
  if (named.kind !== 'open-inference') {
    throw invalidArgument(
      'backend',
      `{ kind: 'open-inference', … }, because ${url} is on a server`,
      named.kind ?? 'paddle',
    );
  }
  const refused = ([...engineOptionKeys, 'runtime', 'format'] as const).find((key) => options[key] !== undefined);
  if (refused === undefined) return named;
  throw invalidArgument(refused, `nothing, because ${url} is on a server`, options[refused]);
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
 * Loads a model, passes it to a function, and always disposes it afterwards.
 *
 * @example
 * const result = await withModel('models/shapes_det_picodet', (model) => predict(model, 'photo.jpg'));
 */
export async function withModel<R>(
  directory: ModelName,
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
