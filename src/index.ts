import * as inference from './inference';
import { findRuntime, installRuntime, listRuntimes, removeRuntime } from './runtime';

/** The low-level API: thin, typed and asynchronous, with Paddle's own names; and the management of Paddle runtimes. */
export const paddle: typeof inference & {
  findRuntime: typeof findRuntime;
  installRuntime: typeof installRuntime;
  listRuntimes: typeof listRuntimes;
  removeRuntime: typeof removeRuntime;
} = { ...inference, findRuntime, installRuntime, listRuntimes, removeRuntime };

/**
 * The marker that compilers write into every CommonJS file compiled from an ES module. It is declared because without
 * it TypeScript would accept `import paddlelab from 'paddlelab'`, which is `undefined` in CommonJS and with some
 * bundlers (esbuild): there is no default export.
 */
export declare const __esModule: true;

export type { ClassAgreement } from './agreement/classes';
export type { JointAgreement } from './agreement/joints';
export type { ObjectAgreement } from './agreement/objects';
export type { ComparedTensor, OutputDifference } from './agreement/output-difference';
export type { OwnAgreement } from './agreement/own';
export type { PixelAgreement } from './agreement/pixels';
export type { TensorAgreement } from './agreement/tensors';
export type { TextAgreement } from './agreement/texts';
export type { BackendBase, BackendKind, OpenOptions, SessionModel, ShowProgress } from './backends/backend-kind';
export { registerBackend } from './backends/backend-kinds';
export type { CommandRuntime } from './backends/external/command';
export type { ExternalRuntime } from './backends/external/external-runtimes';
export type { OpenvinoRuntime } from './backends/external/openvino-runtime';
export type { PaddlePython } from './backends/external/paddle-python';
export type { SessionBackend, SessionBackends } from './backends/named-backends';
export type { OnnxRuntimeOptions } from './backends/onnxruntime/onnxruntime';
export type { ConnectionSettings, OpenInferenceOptions, RemoteTlsOptions } from './backends/open-inference/options';
export type { PaddleProcessOptions } from './backends/paddle-process/paddle-process';
export type { InferenceSession, SessionInfo, Traffic } from './backends/session';
export { Chain, type ChainDetector, chain } from './chain/chain';
export type { ChainCrop, ChainDetectorTask, ChainOptions, ChainStage } from './chain/options';
export type { Accuracy } from './compare/accuracy';
export {
  type Backend,
  type BackendName,
  type CompareImages,
  type CompareMode,
  type CompareOptions,
  type CompareStep,
  compareBackends,
  type NamedBackend,
  type PaddleBackend,
  type PipelineBackend,
} from './compare/compare-backends';
export { compareReports, type ReportChange, ReportComparison } from './compare/compare-reports';
export type { MachineFacts } from './compare/machine';
export type { Protocol } from './compare/options';
export { type Objective, type Recommendation, type RecommendOptions, recommend } from './compare/recommend';
export { type Agreement, BackendReport, type BackendRow, type MeasuredRow, type ReportJson } from './compare/report';
export type { ReportFacts } from './compare/report-data';
export type { Throughput } from './compare/session';
export type { Dataset, DatasetFormat, DatasetImage, DatasetProblem } from './datasets/dataset';
export { openDataset } from './datasets/open-dataset';
export type { DatasetOptions } from './datasets/source';
export type { ImageTruth, LabelPixels, Polygons, TrueObject } from './datasets/truth';
export { type Displayable, inspectCustom, jupyterDisplay, type MimeBundle } from './display/display';
export type { PaletteName, Rgb } from './display/palette';
export type { ResultTable, TableCell, TableColumn } from './display/result-table';
export type { Annotator, Scene, SceneObject, Style } from './drawing/annotators/annotator';
export type { AnnotatorChoice, AnnotatorName, AnnotatorWithOptions } from './drawing/annotators/annotators';
export type { LabelOptions, LabelPart, LabelPosition } from './drawing/annotators/label';
export type { Canvas, HeatValues, MaskPaint, PaintedMask, Point } from './drawing/canvas';
export type { Color, Palette } from './drawing/colors';
export type { Rectangle } from './drawing/geometry';
export { ObjectHistory, type ObjectHistoryOptions, type PastPlace } from './drawing/object-history';
export { Picture, type PictureFormat } from './drawing/picture';
export { PaddleLabError, type PaddleLabErrorCode } from './errors';
export type { ClassMapping } from './evaluate/class-map';
export { type EvaluateOptions, type EvaluateStep, evaluate } from './evaluate/evaluate';
export type { Metric } from './evaluate/evaluation-plan';
export type { Interval } from './evaluate/interval';
export {
  type EvaluationFacts,
  type EvaluationJson,
  EvaluationReport,
  type WorstImage,
  type WorstImagesOptions,
} from './evaluate/report';
export type { ScoredImage } from './evaluate/worst-images';
export type { FontName, ListedFont, PulledFont, PullFontOptions } from './fonts/fonts';
/** Fonts for letters that the package's own fonts lack: what can be fetched, what is in the cache. */
export * as fonts from './fonts/fonts';
export { type GroundTruthOptions, readGroundTruth } from './ground-truth/read';
export { type TruthAsResultOptions, truthAsResult } from './ground-truth/truth-as-result';
export type { Toolkit } from './hub/catalogue/modules';
export type { ModelName, OfficialModelName } from './hub/catalogue/official-models';
export type {
  ListedModel,
  ListOptions,
  ModelDetails,
  ModelInfo,
  PulledFile,
  PulledModel,
  PullOptions,
  PullProgress,
  TriedSource,
  Verification,
} from './hub/models';
/** Official models of PaddleX by their names: what there is, and what is in the cache. */
export * as models from './hub/models';
export type { SourceName } from './hub/sources/source';
export { cropQuads, type Quad, quadSize } from './image/crop-quads';
export { decodeImage, type ImageInput, type RawPixels, type RgbImage } from './image/image';
export { decodeLabelMap, type LabelMap } from './image/label-map';
/** Masks as run lengths: what is in all, in any, in one and not in others; areas, boxes, overlaps. */
export * as masks from './image/masks';
export type { Crop } from './image/raw-pixels';
export { resolveImages } from './image/resolve-images';
export { type Bitmap, decodeRle, encodeRle, rleArea } from './image/rle';
export { smallestQuads } from './image/smallest-quads';
export type { RunProgress } from './infer/progress/read-progress';
export { type WatchRunOptions, watchRun } from './infer/progress/watch-run';
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
  type TimeRunsOptions,
  type VersionNumbers,
  type XpuOptions,
} from './inference';
export type { Engine, EngineChoice, EngineOptions, EngineSettings } from './inference/engine';
export type { EngineTrialRow } from './inference/engine-trial/trial-rows';
export type { TensorRtOptions } from './inference/tensorrt-options';
export type { LogStyle } from './layouts/script-output';
export type { CocoNumbers } from './metrics/coco/records';
export type { Ratio } from './metrics/statistics';
export type {
  ClassColumn,
  ClassFigures,
  ConfusionCount,
  EvaluationFigures,
  EvaluatorOptions,
  Figure as EvaluationFigure,
  PrecisionRecall,
  TaskEvaluator,
} from './metrics/task-evaluator';
export { type AnyModel, type LoadModelOptions, loadModel, withModel } from './model/load-model';
export { type CustomModel, Model, type ModelRuntime } from './model/model';
export type { PreparedImage, ReadOutputsOptions } from './model-io/model-io';
export { withDetections } from './model-io/with-detections';
export { Comm, type CommMessage, openComm, registerComm } from './notebook/comm';
export { help } from './notebook/help';
export { type ProgressBar, type ProgressOptions, progress } from './notebook/progress';
export { type DisplayFunction, type DisplayHandle, display } from './notebook/show';
/** Controls in a notebook, which JupyterLab shows as ipywidgets. */
export * as widgets from './notebook/widgets';
export type { Anchor } from './objects/anchors';
export { createSmoother, type Smoother, type SmootherOptions } from './objects/create-smoother';
export { type Area, type FilterOptions, filterObjects } from './objects/filter-objects';
export type { FollowedObject } from './objects/followed-object';
export { mergeObjects } from './objects/merge-objects';
export { nms, type OverlapOptions } from './objects/nms';
export type { OverlapMetric } from './objects/overlap';
export { toHocr } from './ocr/hocr';
export { type ReadTableOptions, readTable } from './ocr/read-table';
export { type ReadTextOptions, readText, readTextStream } from './ocr/read-text';
export { toCsv } from './ocr/table-csv';
export { TextPage, textPage } from './ocr/text-page';
export { loadTextReader, TextReader, type TextReaderOptions } from './ocr/text-reader';
export type { TileOptions, Tiles } from './ocr/tile-plan';
export { toTsv } from './ocr/tsv';
export { loadPipeline } from './pipelines/load-pipeline';
export type { LoadPipelineOptions } from './pipelines/options';
export { Pipeline, type PipelineSettings } from './pipelines/pipeline';
export type { PipelineTask, ResultByPipeline } from './pipelines/pipeline-tasks';
export { Figure } from './plot/figure';
export { plotClassCounts } from './plot/figures/class-counts';
export { type ConfusionOptions, plotConfusionMatrix } from './plot/figures/confusion-matrix';
export { type ImageFigureOptions, plotResult } from './plot/figures/image-figure';
export { plotLatencies } from './plot/figures/latencies';
export { type PrecisionRecallOptions, plotPrecisionRecall } from './plot/figures/precision-recall';
export { plotScores, type ScoresOptions } from './plot/figures/scores';
export type {
  Axis,
  BarTrace,
  BoxTrace,
  Coordinate,
  ErrorBars,
  HeatmapTrace,
  HistogramTrace,
  Layout,
  LayoutImage,
  LayoutShape,
  LayoutSlider,
  MarkerSymbol,
  ScatterTrace,
  TextPosition,
  Trace,
} from './plot/types';
export type { ImagePipeline } from './predict/image-pipeline';
export { type PipelineOptions, type PipelineStreamOptions, type PredictOptions, predict } from './predict/predict';
export { predictSlices, type SliceOptions } from './predict/predict-slices';
export { type PredictStreamOptions, predictStream } from './predict/predict-stream';
export type { SliceTask } from './predict/slices';
export { visualizePreprocessing } from './predict/visualize-preprocessing';
export type { OperatorContext, PreprocessOperator } from './preprocess/operator';
export { type OperatorFamily, registerOperator } from './preprocess/operators';
export type { NetworkImage, PixelStep, Pixels, PreprocessStep, RecordedStep } from './preprocess/pipeline';
export type { PipelineState } from './preprocess/state';
export { type CocoResultsOptions, parseCocoResults } from './read-results/coco-results';
export type { PixelSize, ReadImage, ReadResult } from './read-results/found-object';
export { parseSupervision, type SupervisionOptions } from './read-results/supervision';
export { parseUltralytics, type UltralyticsOptions } from './read-results/ultralytics';
export { parseUltralyticsLabels, type UltralyticsLabelsOptions } from './read-results/ultralytics-labels';
export type * from './results';
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
  RuntimeSource,
  WheelClient,
} from './runtime';
export type { CacheOptions } from './runtime/manifest';
export type { ServedModelInput, ServedModels } from './serve/models';
export type { ServeLog, ServeOptions } from './serve/options';
export { type ModelServer, serve } from './serve/serve';
export type { ServeTlsOptions } from './serve/tls';
export type { Conventions } from './spec/conventions';
export type { NetworkGeometry } from './spec/network-geometry';
export type {
  ClassificationRule,
  LayoutMergeMode,
  OutputSettings,
  PaddlexSettings,
  TableStructureSettings,
  TextDetectionSettings,
  TextRecognitionSettings,
} from './spec/output-settings';
export type { Affine, ImageSize, Shape } from './spec/preprocess-step';
export type { CustomTask, ModelFamily, ModelSpec, PostprocessContext } from './spec/spec';
export type { Confusion, EvaluationOptions, Finding, TaskParts } from './spec/task-parts';
export type { TextPreset } from './spec/text-presets';
export { registerTask } from './tasks/custom-task';
export type { Align } from './text/table';
export type { BotSortOptions } from './tracking/bot-sort';
export type { ByteTrackOptions } from './tracking/bytetrack';
export { createTracker } from './tracking/create-tracker';
export { type MotInput, type MotObject, parseMot, type ToMotOptions, toMot } from './tracking/mot-text';
export type { OcSortOptions } from './tracking/oc-sort';
export type { TrackedObject, Tracker, TrackerName } from './tracking/tracker';
export type { TrackerOptions } from './tracking/trackers';
export type { VideoFrame } from './video/decode-frames';
export type { FrameImages } from './video/numbered-frames';
export { type PreviewVideoOptions, previewVideo } from './video/preview-video';
export { type ReadFramesOptions, readFrames } from './video/read-frames';
export {
  type CameraInput,
  type PlaylistInput,
  type StreamInput,
  type StreamProtocol,
  streamProtocols,
  type VideoInput,
} from './video/sources/video-input';
export { type TrackableTask, type TrackedFrame, type TrackOptions, type TrackStep, track } from './video/track';
export { Video, type VideoFormat } from './video/video';
export { type VisualizeVideoOptions, visualizeVideo } from './video/visualize-video';
export type { ColorBy, PictureStyle } from './visualize/options';
export { visualizeBesideTruth } from './visualize/views/beside-truth';
export { type DifferenceOptions, visualizeDifference } from './visualize/views/difference';
export { type GalleryOptions, gallery } from './visualize/views/gallery';
export type { ViewImage } from './visualize/views/mosaic';
export { type SideBySideOptions, sideBySide } from './visualize/views/side-by-side';
export { type SliderOptions, SliderView, slider } from './visualize/views/slider';
export { visualizeText } from './visualize/views/text-beside';
export { type VisualizeOptions, visualize } from './visualize/visualize';
export type { YamlNode } from './yaml/yaml-file';
export { createZone } from './zones/create-zone';
export type { LineClassCounts, LineCounts, LineCrossings, LineZone } from './zones/line-zone';
export type { PolygonChanges, PolygonClassCounts, PolygonCounts, PolygonZone } from './zones/polygon-zone';
export type { ZoneStay } from './zones/stays';
export type { ZoneOptions, ZoneUpdateOptions } from './zones/zone-options';
export type { LineShape, PolygonShape, ZonePoint, ZoneShape } from './zones/zone-shape';
export { findRuntime, installRuntime, listRuntimes, removeRuntime };
