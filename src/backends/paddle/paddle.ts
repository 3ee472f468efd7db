import path from 'node:path';
import { messageOf, PaddleLabError } from '../../errors';
import { existsSync } from '../../files/fs';
import { whyNoPrecision } from '../../inference/cpu-precision';
import { createPredictor } from '../../inference/create-predictor';
import {
  type EngineOptions,
  type EngineSettings,
  engineOptionKeys,
  engines,
  resolveEngine,
  toConfig,
} from '../../inference/engine';
import { loadLibrary } from '../../inference/library';
import { checkModelFiles } from '../../inference/model-files';
import type { Predictor } from '../../inference/predictor';
import { whyNotQuantised } from '../../inference/quantised';
import { type ModelFiles, ScalarFolding } from '../../inference/scalar-folding/scalar-folding';
import { findRuntime, type PaddleRuntime } from '../../runtime';
import { findCpu, findDevices } from '../../runtime/devices';
import { checkOneOf, checkString, throwIfAborted } from '../../validate';
import type { BackendBase, BackendKind, OpenOptions, SessionModel } from '../backend-kind';
import type { SessionInfo } from '../session';
import { decideEngine } from './engine-decision';
import { PaddleSession } from './session';

/** Paddle's native predictor, with the options of `loadModel`. */
export interface PaddleOptions extends BackendBase, EngineOptions {
  /** The Paddle runtime: a folder or an installed version; by default the first one found. */
  readonly runtime?: string;
}

export const paddleOptionKeys = [...engineOptionKeys, 'runtime'] as const;

/** The native predictor inside this process. */
export const paddle: BackendKind<PaddleOptions> = {
  kind: 'paddle',
  optionKeys: paddleOptionKeys,
  check: checkPaddleOptions,
  whyUnavailable: whyPaddleUnavailable,
  open: openPaddle,
};

export function checkPaddleOptions(name: string, { runtime, precision, engine }: PaddleOptions): void {
  if (runtime !== undefined) checkString(`${name}.runtime`, runtime);
  if (precision !== undefined) checkOneOf('precision', precision, ['fp32', 'fp16', 'bf16', 'int8']);
  if (engine !== undefined) checkOneOf('engine', engine, [...engines, 'auto']);
}

/** Opens a session like `loadModel`: a trial chooses the engine unless it is named. */
export async function openPaddle(
  options: PaddleOptions,
  model: SessionModel,
  { trial, signal, showProgress }: OpenOptions,
): Promise<PaddleSession> {
  const wanted = resolveEngine(options, model.format);
  const { engine: asked, runtime } = options;
  const folding = await foldingOf(model, wanted, runtime);
  try {
    const choice =
      model.spec === undefined
        ? { engine: wanted.engine, reason: asked === undefined || asked === 'auto' ? 'default' : 'asked for' }
        : await decideEngine(model.spec, wanted, { engine: asked, runtime, trial, signal, folding, showProgress });
    throwIfAborted(signal);
    const settings: EngineSettings = { ...wanted, engine: choice.engine };
    const { predictor, folded } = await createFor(model, settings, runtime, folding);
    const { version, root } = predictor.runtime;
    const reasons = { engineReason: choice.reason, engineTrial: 'rows' in choice ? choice.rows : undefined };
    const info = { ...settings, backend: 'paddle', library: `Paddle ${version}`, paddle: version, runtime: root };
    return new PaddleSession(predictor, { ...info, ...folded, ...reasons }, model);
  } finally {
    await folding?.release();
  }
}

/** How the model is rewritten, if engine `onednn` may run it, in float32. */
async function foldingOf(
  { program, params, format }: SessionModel,
  { engine, precision }: EngineSettings,
  runtime: string | undefined,
): Promise<ScalarFolding | undefined> {
  if (engine !== 'onednn' || precision !== 'fp32' || format !== 'pdmodel') return undefined;
  if (params === path.dirname(program)) return undefined;
  // Paddle loads meanwhile; an error is reported when the predictor is created.
  if (existsSync(program) && existsSync(params)) loadLibrary(runtime).catch(() => undefined);
  return ScalarFolding.of({ program, params }, await checkModelFiles(program, params));
}

/** A predictor for the rewritten model if its engine is `onednn`, else for the model as it is. */
async function createFor(
  { program, params, format }: SessionModel,
  settings: EngineSettings,
  runtime: string | undefined,
  folding: ScalarFolding | undefined,
): Promise<{ predictor: Predictor; folded: Pick<SessionInfo, 'foldedOperators'> }> {
  const create = (files: ModelFiles): Promise<Predictor> =>
    createPredictor(toConfig(files.program, files.params, format, settings), { runtime, trial: false });
  const rewritten = settings.engine === 'onednn' ? await folding?.files() : undefined;
  if (folding === undefined || rewritten === undefined) {
    return { predictor: await create({ program, params }), folded: {} };
  }
  try {
    return { predictor: await create(rewritten), folded: { foldedOperators: folding.operators } };
  } catch (error) {
    if (!(error instanceof PaddleLabError) || error.code !== 'PREDICTOR_CREATE_FAILED') throw error;
    // If Paddle refuses the model as it is too, the error names the user's file.
    return { predictor: await create({ program, params }), folded: {} };
  }
}

/**
 * Refuses invalid combinations, features missing in this Paddle or machine, and precisions that would silently be
 * replaced.
 */
export async function whyPaddleUnavailable(options: PaddleOptions, model: SessionModel): Promise<string | undefined> {
  const runtime = await runtimeOf(options);
  if (typeof runtime === 'string') return runtime;
  const settings = settingsOf(options, model);
  if (typeof settings === 'string') return settings;
  return (await whyNoGpu(options, runtime)) ?? (await whyNoCpuPrecision(settings, model));
}

/** Looked up once per runtime; a string is the reason why there is none. */
async function runtimeOf({ runtime }: PaddleOptions): Promise<PaddleRuntime | string> {
  try {
    return await findRuntime({ runtime });
  } catch (error) {
    if (error instanceof PaddleLabError && runtime !== undefined) return messageOf(error);
    throw error;
  }
}

/** An invalid combination is returned as a reason; a mistyped option is thrown. */
function settingsOf(options: PaddleOptions, { format }: SessionModel): EngineSettings | string {
  try {
    return resolveEngine(options, format);
  } catch (error) {
    if (error instanceof PaddleLabError && error.code === 'ENGINE_UNAVAILABLE') return error.message;
    throw error;
  }
}

async function whyNoGpu(
  { device = 'cpu', tensorrt }: PaddleOptions,
  { build, version }: PaddleRuntime,
): Promise<string | undefined> {
  if (device === 'cpu') return undefined;
  const wanted = tensorrt === undefined || tensorrt === false ? 'CUDA' : 'TensorRT';
  if (build.device === 'cpu') {
    return `Paddle ${version} here was built without ${wanted}; npx paddlelab runtime install --gpu`;
  }
  const { gpus } = await findDevices();
  const index = Number(device.split(':')[1] ?? 0);
  if (gpus.length === 0) return 'this machine has no GPU that nvidia-smi lists';
  return gpus.some((gpu) => gpu.index === index)
    ? undefined
    : `this machine has no gpu:${index}; it has ${gpus.length}`;
}

/** A precision that would silently be computed in float32. */
async function whyNoCpuPrecision(
  { device, engine, precision }: EngineSettings,
  { program }: SessionModel,
): Promise<string | undefined> {
  if (device !== 'cpu') return undefined;
  return precision === 'int8' ? whyNotQuantised(program) : whyNoPrecision(engine, precision, await findCpu());
}
