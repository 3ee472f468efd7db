export { Config, type Precision } from './config';
export type { IpuOptions, XpuOptions } from './config/device-settings';
export type { ModelBytes } from './config/model-settings';
export { PassBuilder } from './config/pass-builder';
export { ConfigSummary, type SummaryRow } from './config/summary';
export type { DynamicShape, TensorRtEngineOptions } from './config/tensorrt-settings';
export { type CreatePredictorOptions, createPredictor } from './create-predictor';
export { type DataType, getNumBytesOfDataType, type TensorData } from './data-type';
export type { RunInputs } from './feeds';
export type { HookedTensor, TensorHook } from './hooks';
export { InputHandle } from './input-handle';
export type { ProgramFormat } from './model-files';
export { OutputHandle } from './output-handle';
export {
  convertToMixedPrecision,
  getTrtCompileVersion,
  getTrtRuntimeVersion,
  getVersion,
  type MixedPrecisionOptions,
  type VersionNumbers,
} from './paddle-info';
export { Predictor, type PredictorSettings, type RunOptions } from './predictor';
export { PredictorPool } from './predictor-pool';
export type { DeclaredInput, DeclaredOutput } from './program-ports';
export type { StringsInput, Tensor, TensorInput } from './tensor';
export type { TimeRunsOptions } from './timed-runs';
