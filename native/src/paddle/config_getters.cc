#include "paddle/config_methods.h"

namespace paddlelab {
namespace {

#define CONST(name) "_ZNK6paddle14AnalysisConfig" name
// Some getters are not `const` in Paddle.
#define MUTABLE(name) "_ZN6paddle14AnalysisConfig" name

constexpr auto kBool = GetterKind::kBool;
constexpr auto kInt = GetterKind::kInt;

template <typename T>
T Read(void* address, void* config) {
  return reinterpret_cast<T (*)(void*)>(address)(config);
}

}  // namespace

// Paths and the model are not read back: TypeScript has recorded them.
const std::vector<ConfigGetter>& ConfigGetters() {
  static const std::vector<ConfigGetter> getters = {
      {"cpu_math_library_num_threads", {CONST("28cpu_math_library_num_threadsEv")}, kInt},
      {"onednn_enabled", {CONST("14onednn_enabledEv"), CONST("14mkldnn_enabledEv")}, kBool},
      {"onednn_int8_enabled", {CONST("19onednn_int8_enabledEv"), CONST("19mkldnn_int8_enabledEv")}, kBool},
      {"openvino_engine_enabled", {CONST("23openvino_engine_enabledEv")}, kBool},
      {"onnxruntime_enabled", {CONST("15use_onnxruntimeEv")}, kBool},
      {"use_gpu", {CONST("7use_gpuEv")}, kBool},
      {"gpu_device_id", {CONST("13gpu_device_idEv")}, kInt},
      {"memory_pool_init_size_mb", {CONST("24memory_pool_init_size_mbEv")}, kInt},
      {"fraction_of_gpu_memory_for_pool", {CONST("31fraction_of_gpu_memory_for_poolEv")}, GetterKind::kFloat},
      {"cinn_enabled", {CONST("12cinn_enabledEv"), CONST("21cinn_compiler_enabledEv")}, kBool},
      {"tensorrt_engine_enabled", {CONST("23tensorrt_engine_enabledEv")}, kBool},
      {"tensorrt_precision_mode", {CONST("23tensorrt_precision_modeEv")}, kInt},
      {"tensorrt_dynamic_shape_enabled", {CONST("30tensorrt_dynamic_shape_enabledEv")}, kBool},
      {"tuned_tensorrt_dynamic_shape", {CONST("28tuned_tensorrt_dynamic_shapeEv")}, kBool},
      {"trt_allow_build_at_runtime", {CONST("26trt_allow_build_at_runtimeEv")}, kBool},
      {"shape_range_info_collected", {CONST("26shape_range_info_collectedEv")}, kBool},
      {"tensorrt_optimization_level", {MUTABLE("27tensorrt_optimization_levelEv")}, kInt},
      {"tensorrt_dla_enabled", {MUTABLE("20tensorrt_dla_enabledEv")}, kBool},
      {"tensorrt_varseqlen_enabled", {MUTABLE("26tensorrt_varseqlen_enabledEv")}, kBool},
      {"tensorrt_inspector_enabled", {MUTABLE("26tensorrt_inspector_enabledEv")}, kBool},
      {"tensorrt_explicit_quantization_enabled", {MUTABLE("38tensorrt_explicit_quantization_enabledEv")}, kBool},
      {"use_xpu", {CONST("7use_xpuEv")}, kBool},
      {"xpu_device_id", {CONST("13xpu_device_idEv")}, kInt},
      {"ir_optim", {CONST("8ir_optimEv")}, kBool},
      {"new_ir_enabled", {CONST("14new_ir_enabledEv")}, kBool},
      {"memory_optim_enabled", {CONST("19enable_memory_optimEv")}, kBool},
      {"glog_info_disabled", {CONST("18glog_info_disabledEv")}, kBool},
      {"use_feed_fetch_ops_enabled", {CONST("26use_feed_fetch_ops_enabledEv")}, kBool},
      {"specify_input_name", {CONST("18specify_input_nameEv")}, kBool},
  };
  return getters;
}

void* FindConfigGetter(const PaddleLibrary& library, const ConfigGetter& getter) {
  return library.Find(getter.mangled);
}

ConfigValue CallConfigGetter(void* address, GetterKind kind, void* config) {
  switch (kind) {
    case GetterKind::kBool:
      return Read<bool>(address, config);
    case GetterKind::kFloat:
      return static_cast<double>(Read<float>(address, config));
    case GetterKind::kInt:
      break;
  }
  return static_cast<double>(Read<int>(address, config));
}

}  // namespace paddlelab
