import { messageOf, PaddleLabError } from '../errors';
import { existsSync } from '../files/fs';
import { loadBinding } from '../native/binding';
import type { ConfigStep, NativePredictor, NativePredictorInfo } from '../native/paddle-types';
import { boolean, type OptionChecks, readOptions, text } from '../options';
import type { TemporaryFolder } from '../temporary-folder';
import { invalidArgument } from '../validate';
import { Config } from './config';
import { mayBePassedOver } from './config/methods-check';
import { readConfig } from './config/read';
import { stepsOf } from './config-steps';
import { refuseCrash } from './engine-trial/refuse-crash';
import { type LoadedLibrary, loadLibrary } from './library';
import { refuseMissingOnednn } from './missing-onednn';
import { type OpenedModel, onFiles, openModel, RereadFiles } from './model-source';
import { OpenvinoEngine } from './openvino-engines';
import { paddleMessage } from './paddle-message';
import { Predictor, type PredictorSettings } from './predictor';
import { PredictorFamily } from './predictor-family';
import { declaredPorts } from './program-ports';
import { checkSettings } from './settings-check';

/** Options of `createPredictor`. */
export interface CreatePredictorOptions {
  /** The Paddle runtime to load: a folder or an installed version; by default the one found by `findRuntime`. */
  readonly runtime?: string;
  /**
   * Whether to try settings in another process first, if they are new for this model, Paddle and CPU. Then a crash
   * inside Paddle is an error and does not end this process. `true` by default; not done for a GPU.
   */
  readonly trial?: boolean;
}

const checks = {
  runtime: text,
  trial: boolean,
} satisfies OptionChecks<CreatePredictorOptions>;

/**
 * Creates a predictor with these settings; loads Paddle first if needed.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, MODEL_DAMAGED, RUNTIME_NOT_FOUND, RUNTIME_CONFLICT, DEVICE_UNAVAILABLE,
 * ENGINE_UNAVAILABLE (also where the engine crashes with this model), METHOD_UNAVAILABLE, PREDICTOR_CREATE_FAILED
 */
export async function createPredictor(config: Config, options: CreatePredictorOptions = {}): Promise<Predictor> {
  if (!(config instanceof Config)) throw invalidArgument('config', 'Config', config);
  const { runtime, trial = true } = readOptions('createPredictor', options, checks);
  loadMeanwhile(config, runtime);
  const model = await openModel(config);
  try {
    return await createFor(model, runtime, trial);
  } catch (error) {
    await model.folder?.release();
    throw error;
  }
}

/** Loads Paddle on a separate thread, while the model's files are checked. */
function loadMeanwhile({ modelSource }: Config, runtime: string | undefined): void {
  if (modelSource.kind !== 'files' || !existsSync(modelSource.program) || !existsSync(modelSource.params)) return;
  // An error is reported when the result is awaited.
  loadLibrary(runtime).catch(() => undefined);
}

async function createFor(model: OpenedModel, runtime: string | undefined, trial: boolean): Promise<Predictor> {
  const { config, format, outline } = model;
  const library = await loadLibrary(runtime);
  await checkSettings(config, library, format);
  const steps = await stepsOf(config);
  if (mayBePassedOver(steps)) await readConfig(steps, library);
  if (trial && !config.has('EnableUseGpu')) await refuseCrash({ ...model, library }, steps);
  const reread = await RereadFiles.of(model);
  const engine = config.has('EnableOpenVINOEngine') ? OpenvinoEngine.claim() : undefined;
  const { native, info } = await open(model, engine, steps, library).catch((error: unknown) => {
    engine?.release();
    throw error;
  });
  return new Predictor({
    native,
    inputs: declaredPorts(info.inputs, outline.inputs),
    outputs: declaredPorts(info.outputs, outline.outputs),
    settings: toSettings(info),
    runtime: library.runtime,
    format,
    family: new PredictorFamily(native, reread, await keepFolder(model), engine),
  });
}

interface OpenedPredictor {
  readonly native: NativePredictor;
  readonly info: NativePredictorInfo;
}

async function open(
  { config, program, params }: OpenedModel,
  engine: OpenvinoEngine | undefined,
  steps: readonly ConfigStep[],
  library: LoadedLibrary,
): Promise<OpenedPredictor> {
  const own = await engine?.ownProgram({ program, params });
  const native = new (loadBinding().Predictor)();
  try {
    const used = own === undefined ? steps : await stepsOf(onFiles(config, own.program, own.params));
    const info = await create(native, used, program, library);
    refuseMissingOnednn(steps, info, library.runtime.version);
    return { native, info };
  } catch (error) {
    await native.dispose();
    throw error;
  } finally {
    await own?.folder.release();
  }
}

/** Temporary model files are kept as long as clones may read them again. */
async function keepFolder({ format, folder }: OpenedModel): Promise<TemporaryFolder | undefined> {
  if (format === 'json') return folder;
  await folder?.release();
  return undefined;
}

async function create(
  native: NativePredictor,
  steps: readonly ConfigStep[],
  program: string,
  library: LoadedLibrary,
): Promise<NativePredictorInfo> {
  try {
    return await native.create(steps);
  } catch (error) {
    const message = paddleMessage(error);
    const noDevice = /must be less than GPU count|no CUDA-capable device|CUDA driver/i.test(messageOf(error));
    throw new PaddleLabError(
      noDevice ? 'DEVICE_UNAVAILABLE' : 'PREDICTOR_CREATE_FAILED',
      noDevice
        ? `Paddle ${library.runtime.version} finds no such GPU on this machine (${message}); use device: "cpu"`
        : `Paddle ${library.runtime.version} can't create a predictor for ${program}: ${message}`,
      { cause: error },
    );
  }
}

function toSettings(info: NativePredictorInfo): PredictorSettings {
  const { onednn, openvino, tensorrt, summary } = info;
  return { device: info.useGpu ? 'gpu' : 'cpu', onednn, openvino, tensorrt, summary };
}
