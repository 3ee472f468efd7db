import path from 'node:path';
import { currentCellSignal } from '../../display/live-output';
import { stepsOf } from '../../inference/config-steps';
import type { Engine, EngineOptions, EngineSettings } from '../../inference/engine';
import { toConfig } from '../../inference/engine';
import { chooseEngine } from '../../inference/engine-trial/choose-engine';
import { refuseCrash } from '../../inference/engine-trial/refuse-crash';
import { filesFor, modelFor, type TrialModel } from '../../inference/engine-trial/trial-model';
import type { EngineTrialRow } from '../../inference/engine-trial/trial-rows';
import { loadLibrary } from '../../inference/library';
import { checkModelFiles, checkSeparateFiles } from '../../inference/model-files';
import type { ScalarFolding } from '../../inference/scalar-folding/scalar-folding';
import { checkSettings } from '../../inference/settings-check';
import { sampleInputs } from '../../model-io/sample-inputs';
import { modelTitle } from '../../spec/model-title';
import type { ModelSpec } from '../../spec/spec';
import type { ShowProgress } from '../backend-kind';

/** The engine for a model, and the reason. */
export interface EngineDecision {
  readonly engine: Engine;
  readonly reason: string;
  /** The result of each engine, if a trial decided. */
  readonly rows?: readonly EngineTrialRow[];
}

export interface DecideOptions {
  readonly engine: EngineOptions['engine'];
  readonly runtime: string | undefined;
  readonly trial: boolean;
  readonly signal: AbortSignal | undefined;
  /** How the model is rewritten for engine `onednn`. */
  readonly folding: ScalarFolding | undefined;
  readonly showProgress: ShowProgress | undefined;
}

/**
 * Decides which engine runs a model. A named engine is only tried for crashes; `auto` takes the fastest.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, MODEL_DAMAGED, ENGINE_UNAVAILABLE, ABORTED
 */
export async function decideEngine(
  spec: ModelSpec,
  settings: EngineSettings,
  options: DecideOptions,
): Promise<EngineDecision> {
  const { engine, device, precision } = settings;
  const automatic = options.engine === undefined || options.engine === 'auto';
  if (device !== 'cpu') return { engine, reason: automatic ? 'the only one on a GPU' : 'asked for' };
  if (!options.trial) return { engine, reason: automatic ? 'default without a trial' : 'asked for' };
  const trialModel = await trialModelOf(spec, options);
  const inputs = await sampleInputs(spec, trialModel.outline.inputs);
  const signal = options.signal ?? currentCellSignal();
  if (automatic && precision === 'fp32' && inputs !== undefined) {
    const choose = (onProgress?: (text: string) => void): Promise<EngineDecision> =>
      chooseEngine(trialModel, settings, inputs, { signal, onProgress });
    const { showProgress } = options;
    return showProgress === undefined
      ? choose()
      : showProgress(`finding the fastest engine for ${modelTitle(spec)}`, choose);
  }
  const tried = modelFor(engine, trialModel);
  const { program, params } = await filesFor(tried);
  const config = toConfig(program, params, spec.files.format, settings);
  await checkSettings(config, trialModel.library, trialModel.format);
  await refuseCrash(tried, await stepsOf(config), { inputs, signal });
  if (!automatic) return { engine, reason: 'asked for' };
  const why = precision === 'fp32' ? 'the sizes of its inputs are unknown' : `${precision} is not tried`;
  return { engine, reason: `default, ${why}` };
}

/** Loads the library and reads the files in parallel, because they are independent. */
async function trialModelOf(spec: ModelSpec, { runtime, folding }: DecideOptions): Promise<TrialModel> {
  const { program, params } = spec.files;
  const loading = loadLibrary(runtime);
  loading.catch(() => undefined);
  const separate = params === path.dirname(program);
  const checked = await (separate ? checkSeparateFiles(program, params) : checkModelFiles(program, params));
  return { ...checked, program, params, library: await loading, ...(folding === undefined ? {} : { folding }) };
}
