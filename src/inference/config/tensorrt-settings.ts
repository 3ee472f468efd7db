import { boolean, integer, type OptionChecks, oneOf, readOptions } from '../../options';
import { checkBoolean, checkInteger, checkString, invalidArgument } from '../../validate';
import { type Precision, precisionCode, precisionFromCode, precisions } from './precision';
import { ConfigRecorder, checkNames } from './recorder';

/** How TensorRT builds its engines. */
export interface TensorRtEngineOptions {
  /** Bytes of scratch memory; 1 GiB by default. */
  readonly workspaceSize?: number;
  /** Largest batch of a model with fixed shapes; 1 by default. */
  readonly maxBatchSize?: number;
  /** Subgraphs with fewer operators run in Paddle; 3 by default. */
  readonly minSubgraphSize?: number;
  /** `fp32` (default), `fp16`, `bf16` or `int8`. */
  readonly precision?: Precision;
  /** Keeps the built engine in the folder of `setOptimCacheDir`; `false` by default. */
  readonly useStatic?: boolean;
  /** Collects int8 ranges while running; `true` by default, only used with `int8`. */
  readonly useCalibMode?: boolean;
  /** Records runs as a CUDA graph; `false` by default. */
  readonly useCudaGraph?: boolean;
}

/** Smallest, largest and most frequent shape of an input or intermediate variable. */
export interface DynamicShape {
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly opt: readonly number[];
}

const engineChecks = {
  workspaceSize: integer(1),
  maxBatchSize: integer(1),
  minSubgraphSize: integer(1),
  precision: oneOf(precisions),
  useStatic: boolean,
  useCalibMode: boolean,
  useCudaGraph: boolean,
} satisfies OptionChecks<TensorRtEngineOptions>;

/** Subgraphs on TensorRT. Everything here except collecting shapes needs a GPU build with TensorRT. */
export abstract class TensorRtSettings extends ConfigRecorder {
  /** Runs subgraphs on TensorRT. Paddle 2.6, 3.x; GPU builds with TensorRT. */
  enableTensorrtEngine(options: TensorRtEngineOptions = {}): void {
    const given = readOptions('enableTensorrtEngine', options, engineChecks);
    this.record(
      'EnableTensorRtEngine',
      given.workspaceSize ?? 2 ** 30,
      given.maxBatchSize ?? 1,
      given.minSubgraphSize ?? 3,
      precisionCode('precision', given.precision ?? 'fp32'),
      given.useStatic ?? false,
      given.useCalibMode ?? true,
      given.useCudaGraph ?? false,
    );
  }

  /** Whether TensorRT is on, read back from Paddle. */
  tensorrtEngineEnabled(): Promise<boolean> {
    return this.flag('tensorrt_engine_enabled');
  }

  /** TensorRT's precision, read back from Paddle. */
  async tensorrtPrecisionMode(): Promise<Precision> {
    return precisionFromCode(await this.number('tensorrt_precision_mode'));
  }

  /** Shapes of inputs (and, if TensorRT asks for them, of variables) by name. Paddle 2.6, 3.x; TensorRT. */
  setTrtDynamicShapeInfo(shapes: Readonly<Record<string, DynamicShape>>, disableTrtPluginFp16 = false): void {
    const of = (which: keyof DynamicShape): Record<string, readonly number[]> =>
      Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, checkShape(name, shape)[which]]));
    if (typeof shapes !== 'object' || shapes === null) throw invalidArgument('shapes', 'shapes by name', shapes);
    const off = checkBoolean('disableTrtPluginFp16', disableTrtPluginFp16);
    this.record('SetTRTDynamicShapeInfo', of('min'), of('max'), of('opt'), off);
  }

  /** Whether shapes were given, read back from Paddle. */
  tensorrtDynamicShapeEnabled(): Promise<boolean> {
    return this.flag('tensorrt_dynamic_shape_enabled');
  }

  /**
   * Records the shapes of variables during runs, and writes them to a file when the predictor is disposed. Paddle 2.6,
   * 3.x; any build, also on a CPU. It turns optimisations off. For a `.json` program, the variable names differ in each
   * process, so the file can't be used later.
   */
  collectShapeRangeInfo(file: string): void {
    this.shapeFile = checkString('file', file);
    this.record('CollectShapeRangeInfo', file);
  }

  /** The file of `collectShapeRangeInfo`; empty without it. */
  get shapeRangeInfoPath(): string {
    return this.shapeFile;
  }

  /** Whether shapes are collected, read back from Paddle. */
  shapeRangeInfoCollected(): Promise<boolean> {
    return this.flag('shape_range_info_collected');
  }

  /** Takes TensorRT's shapes from a file of `collectShapeRangeInfo`. Paddle 2.6, 3.x; TensorRT. */
  enableTunedTensorrtDynamicShape(shapeRangeInfoPath: string, allowBuildAtRuntime = true): void {
    checkString('shapeRangeInfoPath', shapeRangeInfoPath);
    checkBoolean('allowBuildAtRuntime', allowBuildAtRuntime);
    this.record('EnableTunedTensorRtDynamicShape', shapeRangeInfoPath, allowBuildAtRuntime);
  }

  /** Whether shapes come from a file, read back from Paddle. */
  tunedTensorrtDynamicShape(): Promise<boolean> {
    return this.flag('tuned_tensorrt_dynamic_shape');
  }

  /** Whether an engine may be rebuilt while running, read back from Paddle. */
  trtAllowBuildAtRuntime(): Promise<boolean> {
    return this.flag('trt_allow_build_at_runtime');
  }

  /** TensorRT's optimisation level, 0 to 5; 3 by default. Paddle 2.6, 3.x; TensorRT 8.6 and later. */
  setTensorrtOptimizationLevel(level: number): void {
    if (checkInteger('level', level, 0) > 5) throw invalidArgument('level', 'integer from 0 to 5', level);
    this.record('SetTensorRtOptimizationLevel', level);
  }

  /** TensorRT's optimisation level, read back from Paddle. */
  tensorrtOptimizationLevel(): Promise<number> {
    return this.number('tensorrt_optimization_level');
  }

  /** Runs on a deep learning accelerator (Jetson). Paddle 2.6, 3.x; TensorRT. */
  enableTensorrtDla(core = 0): void {
    this.record('EnableTensorRtDLA', checkInteger('core', core, 0));
  }

  /** Whether the accelerator is used, read back from Paddle. */
  tensorrtDlaEnabled(): Promise<boolean> {
    return this.flag('tensorrt_dla_enabled');
  }

  /** Sequences of different lengths without padding (1.x: `enable_tensorrt_oss`). Paddle 2.6, 3.x; TensorRT. */
  enableTensorrtVarseqlen(): void {
    this.record('EnableVarseqlen');
  }

  /** Whether variable lengths are on, read back from Paddle. */
  tensorrtVarseqlenEnabled(): Promise<boolean> {
    return this.flag('tensorrt_varseqlen_enabled');
  }

  /** Logs the layers that TensorRT made. Paddle 2.6, 3.x; TensorRT. */
  enableTensorrtInspector(serialize = false): void {
    this.record('EnableTensorRtInspector', checkBoolean('serialize', serialize));
  }

  /** Whether the inspector is on, read back from Paddle. */
  tensorrtInspectorEnabled(): Promise<boolean> {
    return this.flag('tensorrt_inspector_enabled');
  }

  /** int8 from the quantisation nodes of the model. Paddle 2.6, 3.x; TensorRT. */
  enableTensorrtExplicitQuantization(): void {
    this.record('EnableTensorRtExplicitQuantization');
  }

  /** Whether explicit quantisation is on, read back from Paddle. */
  tensorrtExplicitQuantizationEnabled(): Promise<boolean> {
    return this.flag('tensorrt_explicit_quantization_enabled');
  }

  /** Lets engines with the same identifier share scratch memory. Paddle 2.6, 3.x; TensorRT. */
  enableTensorrtMemoryOptim(engineMemorySharing = true, sharingIdentifier = 0): void {
    checkBoolean('engineMemorySharing', engineMemorySharing);
    this.record(
      'EnableTensorRTMemoryOptim',
      engineMemorySharing,
      checkInteger('sharingIdentifier', sharingIdentifier, 0),
    );
  }

  /** Operator types that run in Paddle. Paddle 2.6, 3.x; TensorRT. */
  expDisableTensorrtOps(operators: readonly string[]): void {
    this.record('Exp_DisableTensorRtOPs', checkNames('operators', operators));
  }

  /** Subgraphs, by their variables, that run in Paddle. Paddle 3.x; TensorRT. */
  expDisableTensorrtSubgraph(variables: readonly string[]): void {
    this.record('Exp_DisableTensorRtSubgraph', checkNames('variables', variables));
  }

  /** Runs operators with dynamic shapes in Paddle. Paddle 3.x; TensorRT. */
  expDisableTensorrtDynamicShapeOps(disabled: boolean): void {
    this.record('Exp_DisableTensorRTDynamicShapeOPs', checkBoolean('disabled', disabled));
  }

  /** Subgraphs, by their parameters, to run in fp16, int8 or bf16. Paddle 3.x; TensorRT. */
  expSpecifyTensorrtSubgraphPrecision(
    fp16: readonly string[] = [],
    int8: readonly string[] = [],
    bf16: readonly string[] = [],
  ): void {
    const lists = [checkNames('fp16', fp16), checkNames('int8', int8), checkNames('bf16', bf16)];
    this.record('Exp_SpecifyTensorRTSubgraphPrecision', ...lists);
  }

  /** Makes these variables outputs of the TensorRT engine, for debugging. Paddle 2.6, 3.x; TensorRT. */
  markTrtEngineOutputs(variables: readonly string[]): void {
    this.record('MarkTrtEngineOutputs', checkNames('variables', variables));
  }
}

function checkShape(name: string, shape: DynamicShape): DynamicShape {
  const lists = [shape?.min, shape?.opt, shape?.max];
  const valid = lists.every((list) => Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n > 0));
  const [min = [], opt = [], max = []] = valid ? lists : [];
  const ordered = min.every((n, axis) => n <= (opt[axis] ?? 0) && (opt[axis] ?? 0) <= (max[axis] ?? 0));
  if (valid && ordered && min.length === max.length && opt.length === max.length) return shape;
  throw invalidArgument(name, '{ min, opt, max }: integers ≥ 1 with min ≤ opt ≤ max in every extent', shape);
}
