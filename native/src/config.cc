#include "config.h"

#include <cstdlib>
#include <cstring>
#include <unordered_set>

#include "paddle_abi.h"

namespace paddlelab {
namespace {

// AnalysisConfig takes 1.6 KB (3.3.1) to 2.1 KB (2.6.2); the rest is room for versions to come.
constexpr size_t kConfigBytes = 1 << 16;

using StringSet = std::unordered_set<std::string>;
using Arguments = std::vector<ConfigArgument>;
using Invoke = void (*)(void* function, void* config, const Arguments& arguments);

// How C++ hands over what TypeScript gives: int64 → the integer types, a list of strings → vector or set.
template <typename T>
T Convert(const ConfigArgument& argument) {
  using Plain = std::decay_t<T>;
  if constexpr (std::is_same_v<Plain, bool>) {
    return std::get<bool>(argument);
  } else if constexpr (std::is_integral_v<Plain>) {
    return static_cast<Plain>(std::get<int64_t>(argument));
  } else if constexpr (std::is_same_v<Plain, StringSet>) {
    const auto& list = std::get<std::vector<std::string>>(argument);
    return StringSet(list.begin(), list.end());
  } else {
    return std::get<Plain>(argument);
  }
}

// Parameters are listed by value; `Pass` says how the ABI passes each.
template <typename T>
using Pass = std::conditional_t<std::is_arithmetic_v<T>, T, const T&>;

template <typename... T, size_t... I>
void CallWith(void* function, void* config, const Arguments& arguments, std::index_sequence<I...>) {
  reinterpret_cast<void (*)(void*, Pass<T>...)>(function)(config, Convert<T>(arguments.at(I))...);
}

template <typename... T>
void Call(void* function, void* config, const Arguments& arguments) {
  CallWith<T...>(function, config, arguments, std::index_sequence_for<T...>{});
}

// A set passed by value travels as a pointer to a temporary that the callee may move from.
void CallWithSet(void* function, void* config, const Arguments& arguments) {
  auto set = Convert<StringSet>(arguments.at(0));
  reinterpret_cast<void (*)(void*, StringSet*)>(function)(config, &set);
}

struct Method {
  const char* name;
  // Mangled names after `_ZN6paddle14AnalysisConfig`, the newest Paddle's spelling first.
  std::vector<const char*> symbols;
  Invoke invoke;
};

#define STRING PADDLELAB_STRING
#define SET_BY_VALUE "ESt13unordered_setI" STRING "St4hashIS7_ESt8equal_toIS7_ESaIS7_EE"
#define SET_BY_REFERENCE "ERKSt13unordered_setI" STRING "St4hashIS7_ESt8equal_toIS7_ESaIS7_EE"

using String = std::string;

const std::vector<Method>& Methods() {
  static const std::vector<Method> methods = {
      {"SetModel", {"8SetModelERK" STRING "S8_"}, Call<String, String>},
      {"SetModelDir", {"8SetModelERK" STRING}, Call<String>},
      {"SetOptimCacheDir", {"16SetOptimCacheDirERK" STRING}, Call<String>},
      {"DisableGpu", {"10DisableGpuEv"}, Call<>},
      {"EnableUseGpu", {"12EnableUseGpuEmiNS0_9PrecisionE"}, Call<uint64_t, int, int>},
      {"SetCpuMathLibraryNumThreads", {"27SetCpuMathLibraryNumThreadsEi"}, Call<int>},
      {"EnableONEDNN", {"12EnableONEDNNEv", "12EnableMKLDNNEv"}, Call<>},
      {"DisableONEDNN", {"13DisableONEDNNEv", "13DisableMKLDNNEv"}, Call<>},
      {"SetOnednnCacheCapacity", {"22SetOnednnCacheCapacityEi", "22SetMkldnnCacheCapacityEi"}, Call<int>},
      {"SetONEDNNOp", {"11SetONEDNNOp" SET_BY_VALUE, "11SetMKLDNNOp" SET_BY_VALUE}, CallWithSet},
      {"EnableOnednnBfloat16", {"20EnableOnednnBfloat16Ev", "20EnableMkldnnBfloat16Ev"}, Call<>},
      {"SetBfloat16Op", {"13SetBfloat16Op" SET_BY_VALUE}, CallWithSet},
      {"EnableOnednnInt8",
       {"16EnableOnednnInt8" SET_BY_REFERENCE, "16EnableMkldnnInt8" SET_BY_REFERENCE},
       Call<StringSet>},
      {"EnableOpenVINOEngine", {"20EnableOpenVINOEngineENS0_9PrecisionE"}, Call<int>},
      {"EnableTensorRtEngine",
       {"20EnableTensorRtEngineEliiNS0_9PrecisionEbbb"},
       Call<int64_t, int, int, int, bool, bool, bool>},
      {"EnableMemoryOptim", {"17EnableMemoryOptimEb"}, Call<bool>},
      {"SwitchIrOptim", {"13SwitchIrOptimEi"}, Call<int>},
      {"DeletePass", {"10DeletePassERK" STRING}, Call<String>},
      {"EnableNewIR", {"11EnableNewIREb"}, Call<bool>},
      {"EnableNewExecutor", {"17EnableNewExecutorEb"}, Call<bool>},
      {"SetOptimizationLevel", {"20SetOptimizationLevelEi"}, Call<int>},
      {"EnableProfile", {"13EnableProfileEv"}, Call<>},
      {"DisableGlogInfo", {"15DisableGlogInfoEv"}, Call<>},
  };
  return methods;
}

void* FindMethod(const PaddleLibrary& library, const Method& method) {
  for (const char* symbol : method.symbols) {
    const std::string name = std::string("_ZN6paddle14AnalysisConfig") + symbol;
    if (void* address = library.Find({name.c_str()})) return address;
  }
  return nullptr;
}

const Method* MethodByName(const std::string& name) {
  for (const Method& method : Methods()) {
    if (name == method.name) return &method;
  }
  return nullptr;
}

}  // namespace

Config::Config(const PaddleLibrary& library) : library_(library), storage_(std::aligned_alloc(64, kConfigBytes)) {
  std::memset(storage_, 0, kConfigBytes);
  library_.Require<void(void*)>("_ZN6paddle14AnalysisConfigC1Ev")(storage_);
}

Config::~Config() {
  library_.Require<void(void*)>("_ZN6paddle14AnalysisConfigD1Ev")(storage_);
  std::free(storage_);
}

void Config::Apply(const ConfigStep& step) {
  const Method* method = MethodByName(step.method);
  void* function = method == nullptr ? nullptr : FindMethod(library_, *method);
  if (function == nullptr) throw NativeError("METHOD_UNAVAILABLE", step.method);
  method->invoke(function, storage_, step.arguments);
}

bool Config::Flag(const char* getter) const {
  const std::string name = std::string("_ZNK6paddle14AnalysisConfig") + getter;
  void* function = library_.Find({name.c_str()});
  return function != nullptr && reinterpret_cast<bool (*)(const void*)>(function)(storage_);
}

std::string Config::Summary() {
  return library_.Require<std::string(void*)>("_ZN6paddle14AnalysisConfig7SummaryB5cxx11Ev")(storage_);
}

std::vector<std::string> AvailableConfigMethods(const PaddleLibrary& library) {
  std::vector<std::string> names;
  for (const Method& method : Methods()) {
    if (FindMethod(library, method) != nullptr) names.push_back(method.name);
  }
  return names;
}

}  // namespace paddlelab
