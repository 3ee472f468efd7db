import { boolean, checkedLater, integer, type OptionChecks, readOptions, text } from '../options';
import { invalidArgument } from '../validate';
import type { Config, Precision } from './config';
import { checkNames } from './config/recorder';
import type { DynamicShape } from './config/tensorrt-settings';

/** How TensorRT runs a model, as plain data. */
export interface TensorRtOptions {
  /** Bytes of scratch memory; 1 GiB by default. */
  readonly workspaceSize?: number;
  /** Largest batch of a model with fixed shapes; 1 by default. */
  readonly maxBatchSize?: number;
  /** Subgraphs with fewer operators run in Paddle; 3 by default. */
  readonly minSubgraphSize?: number;
  /** Collects int8 ranges while running; only used with `precision: 'int8'`. `false` by default. */
  readonly calibrate?: boolean;
  /** Records runs as a CUDA graph; `false` by default. */
  readonly cudaGraph?: boolean;
  /** Folder to keep built engines in, so that the next start is fast; none by default. */
  readonly cacheDir?: string;
  /** Smallest, largest and most frequent shapes by name, for models with dynamic shapes. */
  readonly shapes?: Readonly<Record<string, DynamicShape>>;
  /** A file of `collectShapeRangeInfo` instead of `shapes`. */
  readonly shapeFile?: string;
  /** Operator types that run in Paddle. */
  readonly disabledOps?: readonly string[];
  /** 0 to 5; 3 by default. */
  readonly optimizationLevel?: number;
}

const checks = {
  workspaceSize: integer(1),
  maxBatchSize: integer(1),
  minSubgraphSize: integer(1),
  calibrate: boolean,
  cudaGraph: boolean,
  cacheDir: text,
  shapes: checkedLater,
  shapeFile: text,
  disabledOps: checkNames,
  optimizationLevel: checkedLater,
} satisfies OptionChecks<TensorRtOptions>;

/**
 * Checks the options; `true` means the defaults. Undefined if TensorRT is off.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 */
export function resolveTensorRt(options: boolean | TensorRtOptions | undefined): TensorRtOptions | undefined {
  if (options === undefined || options === false) return undefined;
  if (options === true) return {};
  const given = readOptions('tensorrt', options, checks, 'tensorrt.');
  if (given.shapes !== undefined && given.shapeFile !== undefined) {
    throw invalidArgument('tensorrt', 'either shapes or shapeFile, but not both', options);
  }
  return given;
}

/** Records the calls for these options. */
export function addTensorRt(config: Config, options: TensorRtOptions, precision: Precision): void {
  config.enableTensorrtEngine({
    workspaceSize: options.workspaceSize,
    maxBatchSize: options.maxBatchSize,
    minSubgraphSize: options.minSubgraphSize,
    precision,
    useStatic: options.cacheDir !== undefined,
    useCalibMode: options.calibrate ?? false,
    useCudaGraph: options.cudaGraph,
  });
  if (options.cacheDir !== undefined) config.setOptimCacheDir(options.cacheDir);
  if (options.shapes !== undefined) config.setTrtDynamicShapeInfo(options.shapes);
  if (options.shapeFile !== undefined) config.enableTunedTensorrtDynamicShape(options.shapeFile);
  if (options.disabledOps !== undefined) config.expDisableTensorrtOps(options.disabledOps);
  if (options.optimizationLevel !== undefined) config.setTensorrtOptimizationLevel(options.optimizationLevel);
}
