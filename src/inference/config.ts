import { inspect } from 'node:util';
import { inspectCustom } from '../display/display';
import type { ConfigStep } from '../native/paddle-types';
import { invalidArgument } from '../validate';
import { CpuSettings } from './config/cpu-settings';
import { DeviceSettings } from './config/device-settings';
import { GpuSettings } from './config/gpu-settings';
import { ModelSettings } from './config/model-settings';
import { OptimisationSettings } from './config/optimisation-settings';
import { ConfigRecorder } from './config/recorder';
import { ConfigSummary } from './config/summary';
import { TensorRtSettings } from './config/tensorrt-settings';
import { isLogging } from './logging';

export type { Precision } from './config/precision';

/** The parts of a configuration; one file per group of settings. */
const parts = [
  ModelSettings,
  CpuSettings,
  GpuSettings,
  TensorRtSettings,
  DeviceSettings,
  OptimisationSettings,
] as const;

/** The methods of the parts. */
export interface Config
  extends ModelSettings,
    CpuSettings,
    GpuSettings,
    TensorRtSettings,
    DeviceSettings,
    OptimisationSettings {}

/**
 * Settings of a predictor, method for method as `paddle.inference.Config` (snake_case becomes camelCase).
 *
 * Settings are recorded and applied when a predictor is created; a method that the loaded Paddle lacks is refused then
 * with METHOD_UNAVAILABLE. Getters read values back from Paddle, and are therefore asynchronous. Unlike Paddle's, one
 * Config may serve any number of predictors.
 *
 * @example
 * const config = new paddle.Config('model.pdmodel', 'model.pdiparams');
 * config.disableGpu();
 * config.setCpuMathLibraryNumThreads(2);
 * const predictor = await paddle.createPredictor(config);
 */
export class Config extends ConfigRecorder {
  static {
    for (const part of parts) {
      const { constructor: _, ...methods } = Object.getOwnPropertyDescriptors(part.prototype);
      Object.defineProperties(Config.prototype, methods);
    }
  }

  /**
   * For a program and its parameters; for a directory and the files' common prefix; for a directory of Paddle 1.x; as a
   * copy of another Config; or empty, for `setModel` or `setModelBuffer` later.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, MODEL_NOT_FOUND
   */
  constructor(model?: string | Config, params?: string) {
    super();
    if (model instanceof Config) {
      this.model = model.model;
      this.recorded = [...model.recorded];
      this.logging = model.logging;
      this.shapeFile = model.shapeFile;
    } else if (model !== undefined) {
      this.setModel(model, params);
    } else if (params !== undefined) {
      throw invalidArgument('model', 'path of the program', model);
    }
  }

  /** @internal */
  steps(): readonly ConfigStep[] {
    const quiet: ConfigStep[] = (this.logging ?? isLogging()) ? [] : [{ method: 'DisableGlogInfo', arguments: [] }];
    return [...modelSteps(this), ...quiet, ...this.recorded];
  }

  /**
   * Paddle's own table of all settings, as data; a cell shows it as a table. Nothing is loaded but Paddle itself.
   *
   * @throws PaddleLabError METHOD_UNAVAILABLE, DEVICE_UNAVAILABLE, ENGINE_UNAVAILABLE, RUNTIME_NOT_FOUND
   */
  async summary(): Promise<ConfigSummary> {
    return new ConfigSummary((await this.read()).summary);
  }

  [inspectCustom](): string {
    const calls = this.recorded.map(
      (step) => `${step.method}(${step.arguments.map((value) => inspect(value)).join(', ')})`,
    );
    const model = this.modelFromMemory ? 'in memory' : inspect(this.progFile);
    return `Config ${model} ${calls.join(' ')}`.trimEnd();
  }
}

/** The call that names the model. */
function modelSteps({ modelSource, progFile, paramsFile, modelDir }: Config): ConfigStep[] {
  if (modelSource.kind === 'files') return [{ method: 'SetModel', arguments: [progFile, paramsFile] }];
  if (modelSource.kind === 'directory') return [{ method: 'SetModelDir', arguments: [modelDir] }];
  return [];
}
