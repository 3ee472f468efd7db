#include "paddle/hooks.h"

#include <functional>

namespace paddlelab {
namespace {

// paddle::Tensor; only ever handled by pointer.
struct PhiTensor;
using Hook = std::function<void(const std::string&, const std::string&, const PhiTensor&)>;

#define HOOK_ARGUMENTS "HookERKSt8functionIFvRK" PADDLELAB_STRING "S9_RKN6paddle6TensorEEE"

constexpr char kInputHook[] = "_ZN12paddle_infer9Predictor17RegisterInput" HOOK_ARGUMENTS;
constexpr char kOutputHook[] = "_ZN12paddle_infer9Predictor18RegisterOutput" HOOK_ARGUMENTS;

}  // namespace

void Hooks::Register(const PaddleLibrary& library, abi::Predictor* predictor, bool of_inputs) {
  auto initialized = library.Require<bool(const PhiTensor&)>("_ZNK6paddle6Tensor11initializedEv");
  auto dtype = library.Require<int(const PhiTensor&)>("_ZNK6paddle6Tensor5dtypeEv");
  auto shape = library.Require<std::vector<int64_t>(const PhiTensor&)>("_ZNK6paddle6Tensor5shapeEv");
  const Hook hook = [=](const std::string& op, const std::string& variable, const PhiTensor& tensor) {
    HookEvent event{of_inputs, op, variable, 0, {}};
    if (initialized(tensor)) {
      event.type = dtype(tensor);
      event.shape = shape(tensor);
    }
    events_.push_back(std::move(event));
  };
  library.Require<void(abi::Predictor*, const Hook&)>(of_inputs ? kInputHook : kOutputHook)(predictor, hook);
}

}  // namespace paddlelab
