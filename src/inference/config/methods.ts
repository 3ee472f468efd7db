/** The build feature that a method needs to have an effect. */
export type BuildNeed = 'any' | 'gpu' | 'tensorrt' | 'openvino' | 'onnxruntime' | 'cinn' | 'device';

/** The supported Paddle versions that have a method: 2.6 and 3.x, only 3.x, or only 3.3. */
export type VersionRange = '2.6+' | '3.0+' | '3.3+';

export interface ConfigMethodFacts {
  readonly versions: VersionRange;
  readonly needs: BuildNeed;
}

/** Lists methods with the same version range and required feature. */
function group(versions: VersionRange, needs: BuildNeed, ...names: string[]): [string, ConfigMethodFacts][] {
  return names.map((name) => [name, { versions, needs }]);
}

/** The methods of Paddle's configuration in use, by their C++ names. */
export const configMethods: ReadonlyMap<string, ConfigMethodFacts> = new Map([
  ...group('2.6+', 'any', 'SetModel', 'SetModelDir', 'SetOptimCacheDir', 'EnableSaveOptimModel'),
  ...group('2.6+', 'any', 'DisableGpu', 'SetCpuMathLibraryNumThreads', 'EnableONEDNN', 'DisableONEDNN'),
  ...group('2.6+', 'any', 'SetOnednnCacheCapacity', 'SetONEDNNOp', 'EnableOnednnBfloat16', 'SetBfloat16Op'),
  ...group('2.6+', 'any', 'EnableOnednnInt8', 'DisableOnednnFcPasses', 'SwitchIrOptim', 'SwitchIrDebug'),
  ...group('2.6+', 'any', 'EnableNewExecutor', 'DeletePass', 'PassBuilder.AppendPass', 'PassBuilder.InsertPass'),
  ...group('2.6+', 'any', 'PassBuilder.DeletePass', 'PassBuilder.ClearPasses', 'PassBuilder.TurnOnDebug'),
  ...group('2.6+', 'any', 'PassBuilder.AppendAnalysisPass', 'EnableMemoryOptim', 'EnableProfile', 'DisableGlogInfo'),
  ...group('2.6+', 'any', 'SwitchUseFeedFetchOps', 'SwitchSpecifyInputNames', 'DisableFCPadding'),
  ...group('2.6+', 'any', 'CollectShapeRangeInfo'),
  ...group('3.0+', 'any', 'UseOptimizedModel', 'SwitchIrDebugPasses', 'SetOptimizationLevel', 'EnableNewIR'),
  ...group('3.0+', 'any', 'EnableCustomPasses'),
  ...group('3.0+', 'openvino', 'EnableOpenVINOEngine'),
  ...group('2.6+', 'onnxruntime', 'EnableONNXRuntime', 'EnableORTOptimization'),
  ...group('2.6+', 'any', 'DisableONNXRuntime'),
  ...group('2.6+', 'gpu', 'EnableUseGpu', 'EnableCUDNN', 'EnableGpuMultiStream', 'Exp_EnableMixedPrecisionOps'),
  ...group('2.6+', 'gpu', 'Exp_DisableMixedPrecisionOps', 'EnableLowPrecisionIO', 'Exp_EnableUseCutlass'),
  ...group('3.3+', 'gpu', 'Exp_SparseConvUsingBuffer'),
  ...group('2.6+', 'cinn', 'EnableCINN'),
  ...group('2.6+', 'tensorrt', 'EnableTensorRtEngine', 'SetTRTDynamicShapeInfo', 'EnableTunedTensorRtDynamicShape'),
  ...group('2.6+', 'tensorrt', 'SetTensorRtOptimizationLevel', 'EnableTensorRtDLA', 'EnableVarseqlen'),
  ...group('2.6+', 'tensorrt', 'EnableTensorRtInspector', 'EnableTensorRtExplicitQuantization'),
  ...group('2.6+', 'tensorrt', 'EnableTensorRTMemoryOptim', 'Exp_DisableTensorRtOPs', 'MarkTrtEngineOutputs'),
  ...group('3.0+', 'tensorrt', 'Exp_DisableTensorRtSubgraph', 'Exp_DisableTensorRTDynamicShapeOPs'),
  ...group('3.0+', 'tensorrt', 'Exp_SpecifyTensorRTSubgraphPrecision'),
  ...group('2.6+', 'device', 'EnableXpu', 'SetXpuDeviceId', 'EnableCustomDevice', 'EnableIpu', 'SetIpuConfig'),
  ...group('2.6+', 'device', 'SetIpuCustomInfo', 'LoadIpuConfig'),
]);

/** Getters that not every version has; the others exist in all. */
export const configGetters: ReadonlyMap<string, VersionRange> = new Map<string, VersionRange>([
  ['cpu_math_library_num_threads', '2.6+'],
  ['onednn_enabled', '2.6+'],
  ['onednn_int8_enabled', '2.6+'],
  ['openvino_engine_enabled', '3.0+'],
  ['onnxruntime_enabled', '2.6+'],
  ['use_gpu', '2.6+'],
  ['gpu_device_id', '2.6+'],
  ['memory_pool_init_size_mb', '2.6+'],
  ['fraction_of_gpu_memory_for_pool', '2.6+'],
  ['cinn_enabled', '2.6+'],
  ['tensorrt_engine_enabled', '2.6+'],
  ['tensorrt_precision_mode', '2.6+'],
  ['tensorrt_dynamic_shape_enabled', '2.6+'],
  ['tuned_tensorrt_dynamic_shape', '2.6+'],
  ['trt_allow_build_at_runtime', '2.6+'],
  ['shape_range_info_collected', '2.6+'],
  ['tensorrt_optimization_level', '2.6+'],
  ['tensorrt_dla_enabled', '2.6+'],
  ['tensorrt_varseqlen_enabled', '2.6+'],
  ['tensorrt_inspector_enabled', '2.6+'],
  ['tensorrt_explicit_quantization_enabled', '2.6+'],
  ['use_xpu', '2.6+'],
  ['xpu_device_id', '2.6+'],
  ['ir_optim', '2.6+'],
  ['new_ir_enabled', '3.0+'],
  ['memory_optim_enabled', '2.6+'],
  ['glog_info_disabled', '2.6+'],
  ['use_feed_fetch_ops_enabled', '2.6+'],
  ['specify_input_name', '2.6+'],
]);

/** Whether a Paddle of this version is in the range. */
export function isInRange(version: string, range: VersionRange): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = range.replace('+', '').split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
