import * as inference from './inference';
import { findRuntime, installRuntime, listRuntimes, removeRuntime } from './runtime';

/** The low-level API: Paddle's own names, thin, typed and asynchronous; and the runtimes that it loads. */
export const paddle: typeof inference & {
  findRuntime: typeof findRuntime;
  installRuntime: typeof installRuntime;
  listRuntimes: typeof listRuntimes;
  removeRuntime: typeof removeRuntime;
} = { ...inference, findRuntime, installRuntime, listRuntimes, removeRuntime };

export { type BackendName, type CompareOptions, compareBackends } from './compare/compare-backends';
export type { Agreement, BackendReport, BackendRow } from './compare/report';
export { PaddleLabError, type PaddleLabErrorCode } from './errors';
export { decodeImage, type ImageInput, type RawPixels, type RgbImage } from './image/image';
export { decodeLabelMap, type LabelMap } from './image/label-map';
export { resolveImages } from './image/resolve-images';
export { type Bitmap, decodeRle, encodeRle, rleArea } from './image/rle';
export {
  Config,
  ConfigSummary,
  type CreatePredictorOptions,
  convertToMixedPrecision,
  createPredictor,
  type DataType,
  type DeclaredInput,
  type DeclaredOutput,
  type DynamicShape,
  getNumBytesOfDataType,
  getTrtCompileVersion,
  getTrtRuntimeVersion,
  getVersion,
  type HookedTensor,
  InputHandle,
  type IpuOptions,
  type MixedPrecisionOptions,
  type ModelBytes,
  OutputHandle,
  PassBuilder,
  type Precision,
  Predictor,
  PredictorPool,
  type PredictorSettings,
  type ProgramFormat,
  type RunInputs,
  type RunOptions,
  type StringsInput,
  type SummaryRow,
  type Tensor,
  type TensorData,
  type TensorHook,
  type TensorInput,
  type TensorRtEngineOptions,
  type VersionNumbers,
  type XpuOptions,
} from './inference';
export type { Engine, EngineChoice, EngineOptions, EngineSettings } from './inference/engine';
export type { EngineTrialRow } from './inference/engine-trial/choose-engine';
export type { TensorRtOptions } from './inference/tensorrt-options';
export { type AnyModel, type LoadModelOptions, loadModel, withModel } from './model/load-model';
export { Model, type ModelRuntime } from './model/model';
export type { ClassificationRule, ModelFamily, ModelSpec, OutputSettings, Task } from './model/spec';
export type { YamlNode } from './model/yaml-file';
export { type Displayable, inspectCustom, jupyterDisplay, type MimeBundle } from './notebook/display';
export { type PredictOptions, predict } from './predict/predict';
export { type PredictStreamOptions, predictStream } from './predict/predict-stream';
export type { PreparedImage, ReadOutputsOptions } from './predict/stages';
export type { OperatorContext, PreprocessOperator } from './preprocess/operator';
export type { NetworkImage, PixelStep, Pixels, PreprocessStep, RecordedStep } from './preprocess/pipeline';
export { type OperatorFamily, registerOperator } from './preprocess/registry';
export type { PipelineState } from './preprocess/state';
export type {
  AnyDetectionResult,
  Box,
  Classification,
  ClassificationResult,
  Detection,
  DetectionResult,
  InstanceDetection,
  InstanceSegmentationResult,
  Keypoint,
  KeypointsResult,
  Person,
  PredictResult,
  RawTensors,
  ResultByTask,
  RleMask,
  RotatedDetection,
  RotatedDetectionResult,
  Segment,
  SemanticSegmentationResult,
  TensorsResult,
  Timings,
} from './results';
export {
  type CocoKeypoints,
  type CocoObject,
  type CocoRecord,
  type CocoSegment,
  type ToCocoOptions,
  toCoco,
} from './results-coco';
export type {
  FindRuntimeOptions,
  InstalledRuntime,
  InstallOptions,
  InstallProgress,
  PaddleBuild,
  PaddleRuntime,
} from './runtime';
export type { Annotator, Scene, Style } from './visualize/annotators/annotator';
export type { AnnotatorName } from './visualize/annotators/registry';
export type { Canvas } from './visualize/canvas';
export type { PaletteName } from './visualize/palette';
export { Picture, type PictureFormat } from './visualize/picture';
export { type VisualizeOptions, visualize } from './visualize/visualize';
export { findRuntime, installRuntime, listRuntimes, removeRuntime };
