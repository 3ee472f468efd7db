import { PaddleLabError } from '../errors';
import { createPredictor } from '../inference/create-predictor';
import { type EngineOptions, engineOptionKeys, resolveEngine, toConfig } from '../inference/engine';
import type { ProgramFormat } from '../inference/model-files';
import { checkBoolean, checkOneOf, checkOptions, checkSignal, checkString, throwIfAborted } from '../validate';
import { settleEngine } from './engine-choice';
import { readModelSpec } from './layouts/registry';
import { Model } from './model';

export interface LoadModelOptions extends EngineOptions {
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
export type AnyModel = Model<'detection'> | Model<'instance-segmentation'>;

/**
 * Loads an exported model of PaddleDetection 2.x from its folder (`infer_cfg.yml` with `model.pdmodel` or
 * `model.json`) and prepares it to run.
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
export async function loadModel(directory: string, options: LoadModelOptions = {}): Promise<AnyModel> {
  checkString('directory', directory);
  checkOptions('loadModel', options, [...engineOptionKeys, 'format', 'runtime', 'trial', 'signal']);
  const { format, runtime, signal } = options;
  const trial = checkBoolean('trial', options.trial ?? true);
  if (format !== undefined) checkOneOf('format', format, ['pdmodel', 'json']);
  if (signal !== undefined) checkSignal('signal', signal);
  const spec = await readModelSpec(directory, { format });
  throwIfAborted(signal);
  const { program, params, format: found } = spec.files;
  const wanted = resolveEngine(options, found);
  const choice = await settleEngine(spec, wanted, { engine: options.engine, runtime, trial, signal });
  throwIfAborted(signal);
  const settings = { ...wanted, engine: choice.engine };
  const config = toConfig(program, params, found, settings);
  const predictor = await createPredictor(config, { runtime, trial: false });
  const { reason: engineReason, rows: engineTrial } = choice;
  const modelRuntime = { ...settings, paddle: predictor.runtime.version, engineReason, engineTrial };
  if (signal?.aborted) await predictor.dispose();
  throwIfAborted(signal);
  return new Model(spec.task, spec, predictor, modelRuntime) as AnyModel;
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
