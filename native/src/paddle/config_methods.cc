#include "paddle/config_methods.h"

#include <cxxabi.h>

#include <typeinfo>

#include "paddle/abi.h"

namespace paddlelab {
namespace {

#define STRING PADDLELAB_STRING
#define CONFIG(name) "_ZN6paddle14AnalysisConfig" name
#define BUILDER(name) "_ZN6paddle17PaddlePassBuilder" name
// Lists and sets of strings as parameters. Their inner back-references depend on the preceding parts of the mangled
// name: these are for a first parameter.
#define STRINGS "ERKSt6vectorI" STRING "SaIS7_EE"
#define SET_BY_VALUE "ESt13unordered_setI" STRING "St4hashIS7_ESt8equal_toIS7_ESaIS7_EE"
#define SET_BY_REFERENCE "ERKSt13unordered_setI" STRING "St4hashIS7_ESt8equal_toIS7_ESaIS7_EE"

using String = std::string;
using Strings = std::vector<std::string>;
using StringSet = std::unordered_set<std::string>;
using Shapes = std::map<std::string, std::vector<int>>;
using Lists = std::vector<std::vector<int>>;
// Enumerations are passed as int.
using Enum = int;

constexpr auto kPassBuilder = ConfigSymbol::Owner::kPassBuilder;

// In Paddle 3 the function also has a list of passes; an empty one means all.
void SwitchIrDebugOfAllPasses(void* function, void* config, const ConfigArguments& arguments) {
  reinterpret_cast<void (*)(void*, int, const Strings&)>(function)(config, Converter<int>::Make(arguments.at(0)), {});
}

}  // namespace

const std::vector<ConfigMethod>& ConfigMethods() {
  static const std::vector<ConfigMethod> methods = {
      // Model
      {"SetModel", {{CONFIG("8SetModelERK" STRING "S8_"), CallMethod<String, String>}}},
      {"SetModelDir", {{CONFIG("8SetModelERK" STRING), CallMethod<String>}}},
      {"SetOptimCacheDir", {{CONFIG("16SetOptimCacheDirERK" STRING), CallMethod<String>}}},
      {"UseOptimizedModel", {{CONFIG("17UseOptimizedModelEb"), CallMethod<bool>}}},
      {"EnableSaveOptimModel", {{CONFIG("20EnableSaveOptimModelEb"), CallMethod<bool>}}},
      // CPU
      {"DisableGpu", {{CONFIG("10DisableGpuEv"), CallMethod<>}}},
      {"SetCpuMathLibraryNumThreads", {{CONFIG("27SetCpuMathLibraryNumThreadsEi"), CallMethod<int>}}},
      {"EnableONEDNN", {{CONFIG("12EnableONEDNNEv"), CallMethod<>}, {CONFIG("12EnableMKLDNNEv"), CallMethod<>}}},
      {"DisableONEDNN", {{CONFIG("13DisableONEDNNEv"), CallMethod<>}, {CONFIG("13DisableMKLDNNEv"), CallMethod<>}}},
      {"SetOnednnCacheCapacity",
       {{CONFIG("22SetOnednnCacheCapacityEi"), CallMethod<int>},
        {CONFIG("22SetMkldnnCacheCapacityEi"), CallMethod<int>}}},
      {"SetONEDNNOp",
       {{CONFIG("11SetONEDNNOp" SET_BY_VALUE), CallMethod<StringSet>},
        {CONFIG("11SetMKLDNNOp" SET_BY_VALUE), CallMethod<StringSet>}}},
      {"EnableOnednnBfloat16",
       {{CONFIG("20EnableOnednnBfloat16Ev"), CallMethod<>}, {CONFIG("20EnableMkldnnBfloat16Ev"), CallMethod<>}}},
      {"SetBfloat16Op", {{CONFIG("13SetBfloat16Op" SET_BY_VALUE), CallMethod<StringSet>}}},
      {"EnableOnednnInt8",
       {{CONFIG("16EnableOnednnInt8" SET_BY_REFERENCE), CallMethod<StringSet>},
        {CONFIG("16EnableMkldnnInt8" SET_BY_REFERENCE), CallMethod<StringSet>}}},
      {"DisableOnednnFcPasses",
       {{CONFIG("21DisableOnednnFcPassesEv"), CallMethod<>}, {CONFIG("21DisableMkldnnFcPassesEv"), CallMethod<>}}},
      {"EnableOpenVINOEngine", {{CONFIG("20EnableOpenVINOEngineENS0_9PrecisionE"), CallMethod<Enum>}}},
      {"EnableONNXRuntime", {{CONFIG("17EnableONNXRuntimeEv"), CallMethod<>}}},
      {"DisableONNXRuntime", {{CONFIG("18DisableONNXRuntimeEv"), CallMethod<>}}},
      {"EnableORTOptimization", {{CONFIG("21EnableORTOptimizationEv"), CallMethod<>}}},
      // GPU
      {"EnableUseGpu", {{CONFIG("12EnableUseGpuEmiNS0_9PrecisionE"), CallMethod<uint64_t, int, Enum>}}},
      {"EnableCUDNN", {{CONFIG("11EnableCUDNNEv"), CallMethod<>}}},
      {"EnableGpuMultiStream", {{CONFIG("20EnableGpuMultiStreamEv"), CallMethod<>}}},
      {"Exp_EnableMixedPrecisionOps",
       {{CONFIG("27Exp_EnableMixedPrecisionOps" SET_BY_REFERENCE), CallMethod<StringSet>}}},
      {"Exp_DisableMixedPrecisionOps",
       {{CONFIG("28Exp_DisableMixedPrecisionOps" SET_BY_REFERENCE), CallMethod<StringSet>}}},
      {"EnableLowPrecisionIO", {{CONFIG("20EnableLowPrecisionIOEb"), CallMethod<bool>}}},
      {"Exp_EnableUseCutlass", {{CONFIG("20Exp_EnableUseCutlassEv"), CallMethod<>}}},
      {"Exp_SparseConvUsingBuffer",
       {{CONFIG("25Exp_SparseConvUsingBufferERKSt6vectorIS1_IiSaIiEESaIS3_EES7_"), CallMethod<Lists, Lists>}}},
      {"EnableCINN", {{CONFIG("10EnableCINNEv"), CallMethod<>}, {CONFIG("22Exp_EnableCINNCompilerEv"), CallMethod<>}}},
      // TensorRT
      {"EnableTensorRtEngine",
       {{CONFIG("20EnableTensorRtEngineEliiNS0_9PrecisionEbbb"),
         CallMethod<int64_t, int, int, Enum, bool, bool, bool>}}},
      {"SetTRTDynamicShapeInfo",
       {{CONFIG("22SetTRTDynamicShapeInfoESt3mapI" STRING "St6vectorIiSaIiEESt4lessIS7_ESaISt4pairIKS7_SA_EEESH_SH_b"),
         CallMethod<Shapes, Shapes, Shapes, bool>}}},
      {"EnableTunedTensorRtDynamicShape",
       {{CONFIG("31EnableTunedTensorRtDynamicShapeERK" STRING "b"), CallMethod<String, bool>}}},
      {"CollectShapeRangeInfo", {{CONFIG("21CollectShapeRangeInfoERK" STRING), CallMethod<String>}}},
      {"SetTensorRtOptimizationLevel", {{CONFIG("28SetTensorRtOptimizationLevelEi"), CallMethod<int>}}},
      {"EnableTensorRtDLA", {{CONFIG("17EnableTensorRtDLAEi"), CallMethod<int>}}},
      {"EnableVarseqlen", {{CONFIG("15EnableVarseqlenEv"), CallMethod<>}}},
      {"EnableTensorRtInspector", {{CONFIG("23EnableTensorRtInspectorEb"), CallMethod<bool>}}},
      {"EnableTensorRtExplicitQuantization", {{CONFIG("34EnableTensorRtExplicitQuantizationEv"), CallMethod<>}}},
      {"EnableTensorRTMemoryOptim", {{CONFIG("25EnableTensorRTMemoryOptimEbi"), CallMethod<bool, int>}}},
      {"Exp_DisableTensorRtOPs", {{CONFIG("22Exp_DisableTensorRtOPs" STRINGS), CallMethod<Strings>}}},
      {"Exp_DisableTensorRtSubgraph", {{CONFIG("27Exp_DisableTensorRtSubgraph" STRINGS), CallMethod<Strings>}}},
      {"Exp_DisableTensorRTDynamicShapeOPs", {{CONFIG("34Exp_DisableTensorRTDynamicShapeOPsEb"), CallMethod<bool>}}},
      {"Exp_SpecifyTensorRTSubgraphPrecision",
       {{CONFIG("36Exp_SpecifyTensorRTSubgraphPrecision" STRINGS "SB_SB_"), CallMethod<Strings, Strings, Strings>}}},
      {"MarkTrtEngineOutputs", {{CONFIG("20MarkTrtEngineOutputs" STRINGS), CallMethod<Strings>}}},
      // Other devices
      {"EnableXpu",
       {{CONFIG("9EnableXpuEibbRK" STRING "S8_bb"), CallMethod<int, bool, bool, String, String, bool, bool>}}},
      {"SetXpuDeviceId", {{CONFIG("14SetXpuDeviceIdEi"), CallMethod<int>}}},
      {"EnableCustomDevice",
       {{CONFIG("18EnableCustomDeviceERK" STRING "iNS0_9PrecisionE"), CallMethod<String, int, Enum>}}},
      {"EnableIpu", {{CONFIG("9EnableIpuEiibi"), CallMethod<int, int, bool, int>}}},
      {"SetIpuConfig", {{CONFIG("12SetIpuConfigEbifbb"), CallMethod<bool, int, float, bool, bool>}}},
      {"SetIpuCustomInfo",
       {{CONFIG("16SetIpuCustomInfoERKSt6vectorIS1_I" STRING
                "SaIS7_EESaIS9_EERKSt3mapIS7_bSt4lessIS7_ESaISt4pairIKS7_bEEE"),
         CallMethod<std::vector<Strings>, std::map<String, bool>>}}},
      {"LoadIpuConfig", {{CONFIG("13LoadIpuConfigERK" STRING), CallMethod<String>}}},
      // Optimisation, memory, log
      {"SwitchIrOptim", {{CONFIG("13SwitchIrOptimEi"), CallMethod<int>}}},
      {"SwitchIrDebug",
       {{CONFIG("13SwitchIrDebugEiRKSt6vectorI" STRING "SaIS7_EE"), SwitchIrDebugOfAllPasses},
        {CONFIG("13SwitchIrDebugEi"), CallMethod<int>}}},
      {"SwitchIrDebugPasses", {{CONFIG("13SwitchIrDebugEiRKSt6vectorI" STRING "SaIS7_EE"), CallMethod<int, Strings>}}},
      {"SetOptimizationLevel", {{CONFIG("20SetOptimizationLevelEi"), CallMethod<int>}}},
      {"EnableNewIR", {{CONFIG("11EnableNewIREb"), CallMethod<bool>}}},
      {"EnableNewExecutor", {{CONFIG("17EnableNewExecutorEb"), CallMethod<bool>}}},
      {"EnableCustomPasses",
       {{CONFIG("18EnableCustomPassesERKSt6vectorI" STRING "SaIS7_EEb"), CallMethod<Strings, bool>}}},
      {"DeletePass",
       {{CONFIG("10DeletePassERK" STRING), CallMethod<String>},
        {BUILDER("10DeletePassERK" STRING), CallMethod<String>, kPassBuilder}}},
      {"PassBuilder.AppendPass", {{BUILDER("10AppendPassERK" STRING), CallMethod<String>, kPassBuilder}}},
      {"PassBuilder.InsertPass", {{BUILDER("10InsertPassEmRK" STRING), CallMethod<uint64_t, String>, kPassBuilder}}},
      {"PassBuilder.DeletePass", {{BUILDER("10DeletePassERK" STRING), CallMethod<String>, kPassBuilder}}},
      {"PassBuilder.ClearPasses", {{BUILDER("11ClearPassesEv"), CallMethod<>, kPassBuilder}}},
      {"PassBuilder.TurnOnDebug", {{BUILDER("11TurnOnDebugEv"), CallMethod<>, kPassBuilder}}},
      {"PassBuilder.AppendAnalysisPass",
       {{BUILDER("18AppendAnalysisPassERK" STRING), CallMethod<String>, kPassBuilder}}},
      {"EnableMemoryOptim", {{CONFIG("17EnableMemoryOptimEb"), CallMethod<bool>}}},
      {"EnableProfile", {{CONFIG("13EnableProfileEv"), CallMethod<>}}},
      {"DisableGlogInfo", {{CONFIG("15DisableGlogInfoEv"), CallMethod<>}}},
      {"SwitchUseFeedFetchOps", {{CONFIG("21SwitchUseFeedFetchOpsEi"), CallMethod<int>}}},
      {"SwitchSpecifyInputNames", {{CONFIG("23SwitchSpecifyInputNamesEb"), CallMethod<bool>}}},
      {"DisableFCPadding", {{CONFIG("16DisableFCPaddingEv"), CallMethod<>}}},
  };
  return methods;
}

const ConfigSymbol* FindConfigMethod(const PaddleLibrary& library, const std::string& name, void** address) {
  for (const ConfigMethod& method : ConfigMethods()) {
    if (name != method.name) continue;
    for (const ConfigSymbol& symbol : method.symbols) {
      *address = library.Find({symbol.mangled});
      if (*address != nullptr) return &symbol;
    }
  }
  return nullptr;
}

// The builder of a configuration is a PassStrategy, whose base PaddlePassBuilder has no virtual functions and is
// therefore stored after the vtable pointer of PassStrategy. The run-time type information has the offset.
void* PassBuilderOf(const PaddleLibrary& library, void* config) {
  using MultipleBases = ::abi::__vmi_class_type_info;
  auto* strategy = library.Require<char*(void*)>("_ZNK6paddle14AnalysisConfig12pass_builderEv")(config);
  const auto* type = static_cast<const std::type_info*>(library.Find({"_ZTIN6paddle12PassStrategyE"}));
  if (type == nullptr) throw NativeError("METHOD_UNAVAILABLE", "PassStrategy");
  const auto* bases = dynamic_cast<const MultipleBases*>(type);
  return strategy + (bases == nullptr ? 0 : bases->__base_info[0].__offset());
}

std::vector<std::string> AvailableConfigMethods(const PaddleLibrary& library) {
  std::vector<std::string> names;
  void* address = nullptr;
  for (const ConfigMethod& method : ConfigMethods()) {
    if (FindConfigMethod(library, method.name, &address) != nullptr) names.push_back(method.name);
  }
  for (const ConfigGetter& getter : ConfigGetters()) {
    if (FindConfigGetter(library, getter) != nullptr) names.push_back(getter.name);
  }
  return names;
}

}  // namespace paddlelab
