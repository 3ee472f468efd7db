#include "predictor.h"

#include <mutex>

namespace paddlelab {
namespace {

// Creating and destroying touch registries of Paddle that are shared by all predictors of the process.
std::mutex& LifeMutex() {
  static std::mutex mutex;
  return mutex;
}

constexpr char kGetInputHandle[] = "_ZN12paddle_infer9Predictor14GetInputHandleERK" PADDLELAB_STRING;
constexpr char kGetOutputHandle[] = "_ZN12paddle_infer9Predictor15GetOutputHandleERK" PADDLELAB_STRING;

// Handles come back as a unique_ptr through a hidden first argument.
abi::Tensor* TakeHandle(const PaddleLibrary& library, const char* symbol, abi::Predictor* predictor,
                        const std::string& name) {
  abi::Tensor* handle = nullptr;
  library.Require<void(abi::Tensor**, abi::Predictor*, const std::string&)>(symbol)(&handle, predictor, name);
  return handle;
}

template <typename Result>
Result Ask(const PaddleLibrary& library, const char* symbol, abi::Predictor* predictor) {
  return library.Require<Result(abi::Predictor*)>(symbol)(predictor);
}

std::vector<PortInfo> MakePorts(const abi::Names& names, const abi::Shapes& shapes, const abi::Types& types) {
  std::vector<PortInfo> ports;
  for (const std::string& name : names) {
    PortInfo port;
    port.name = name;
    if (auto found = shapes.find(name); found != shapes.end()) port.shape = found->second;
    if (auto found = types.find(name); found != types.end()) port.type = static_cast<int>(found->second);
    ports.push_back(std::move(port));
  }
  return ports;
}

}  // namespace

Predictor::Predictor(const PaddleLibrary& library, const std::vector<ConfigStep>& steps) : library_(library) {
  std::lock_guard<std::mutex> lock(LifeMutex());
  Config config(library);
  for (const ConfigStep& step : steps) config.Apply(step);
  info_.use_gpu = config.Flag("7use_gpuEv");
  info_.onednn = config.Flag("14onednn_enabledEv") || config.Flag("14mkldnn_enabledEv");
  info_.openvino = config.Flag("23openvino_engine_enabledEv");
  info_.tensorrt = config.Flag("23tensorrt_engine_enabledEv");
  info_.summary = config.Summary();
  predictor_ = library.Require<std::shared_ptr<abi::Predictor>(const void*)>(
      "_ZN12paddle_infer15CreatePredictorERKN6paddle14AnalysisConfigE")(config.get());
  if (predictor_ == nullptr) throw NativeError("PREDICTOR_CREATE_FAILED", "Paddle returned no predictor");
  ReadPorts();
}

Predictor::~Predictor() {
  std::lock_guard<std::mutex> lock(LifeMutex());
  predictor_.reset();
}

void Predictor::ReadPorts() {
  abi::Predictor* predictor = predictor_.get();
  const auto inputs = Ask<abi::Names>(library_, "_ZN12paddle_infer9Predictor13GetInputNamesB5cxx11Ev", predictor);
  const auto outputs = Ask<abi::Names>(library_, "_ZN12paddle_infer9Predictor14GetOutputNamesB5cxx11Ev", predictor);
  const auto shapes =
      Ask<abi::Shapes>(library_, "_ZN12paddle_infer9Predictor19GetInputTensorShapeB5cxx11Ev", predictor);
  const auto types = Ask<abi::Types>(library_, "_ZN12paddle_infer9Predictor13GetInputTypesB5cxx11Ev", predictor);
  info_.inputs = MakePorts(inputs, shapes, types);
  // Output types and shapes are not asked for: before a run Paddle throws or answers wrongly for some models.
  info_.outputs = MakePorts(outputs, {}, {});
}

abi::Tensor* Predictor::InputHandle(const std::string& name) {
  abi::Tensor*& handle = input_handles_[name];
  if (handle == nullptr) handle = TakeHandle(library_, kGetInputHandle, predictor_.get(), name);
  return handle;
}

abi::Tensor* Predictor::OutputHandle(const std::string& name) {
  abi::Tensor*& handle = output_handles_[name];
  if (handle == nullptr) handle = TakeHandle(library_, kGetOutputHandle, predictor_.get(), name);
  return handle;
}

std::vector<FetchTensor> Predictor::Run(const std::vector<FeedTensor>& inputs) {
  for (const FeedTensor& input : inputs) Feed(library_, InputHandle(input.name), input);
  if (!library_.Require<bool(abi::Predictor*)>("_ZN12paddle_infer9Predictor3RunEv")(predictor_.get())) {
    throw NativeError("PREDICTOR_RUN_FAILED", "Paddle's Run() returned false");
  }
  std::vector<FetchTensor> outputs;
  for (const PortInfo& port : info_.outputs) outputs.push_back(Fetch(library_, OutputHandle(port.name), port.name));
  return outputs;
}

}  // namespace paddlelab
