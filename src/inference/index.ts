export { Config, type Precision } from './config';
export type { DataType, TensorData } from './data-type';
export type { ProgramFormat } from './model-files';
export {
  type CreatePredictorOptions,
  createPredictor,
  Predictor,
  type PredictorSettings,
  type RunOptions,
} from './predictor';
export type { DeclaredInput } from './program-ports';
export type { Tensor, TensorInput } from './tensor';
