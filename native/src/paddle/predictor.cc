#include "paddle/predictor.h"

#include <malloc.h>

namespace paddlelab {
namespace {

constexpr char kGetInputHandle[] = "_ZN12paddle_infer9Predictor14GetInputHandleERK" PADDLELAB_STRING;
constexpr char kGetOutputHandle[] = "_ZN12paddle_infer9Predictor15GetOutputHandleERK" PADDLELAB_STRING;

abi::Tensor* TakeHandle(const PaddleLibrary& library, const char* symbol, abi::Predictor* predictor,
                        const std::string& name) {
  using Handle = abi::UniquePtr<abi::Tensor>;
  return library.Require<Handle(abi::Predictor*, const std::string&)>(symbol)(predictor, name).release();
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

constexpr char kRun[] = "_ZN12paddle_infer9Predictor3RunEv";

// A clone is a pointer to an object that only contains the pointer to the implementation; the destructor of the outer
// object is not exported, so both are destroyed explicitly.
void DestroyClone(const PaddleLibrary& library, abi::Predictor* clone) {
  void* implementation = *reinterpret_cast<void**>(clone);
  library.Require<void(void*)>("_ZN6paddle17AnalysisPredictorD0Ev")(implementation);
  ::operator delete(clone);
}

}  // namespace

std::mutex& LifeMutex() {
  static std::mutex mutex;
  return mutex;
}

Predictor::Predictor(const PaddleLibrary& library, const std::vector<ConfigStep>& steps)
    : library_(library), run_(library.Require<bool(abi::Predictor*)>(kRun)) {
  std::lock_guard<std::mutex> lock(LifeMutex());
  Config config(library, steps);
  info_.use_gpu = config.Flag("use_gpu");
  info_.onednn = config.Flag("onednn_enabled");
  info_.openvino = config.Flag("openvino_engine_enabled");
  info_.tensorrt = config.Flag("tensorrt_engine_enabled");
  info_.summary = config.Summary();
  std::shared_ptr<OpenvinoEngine> engine;
  if (info_.openvino) {
    affinity_guard_.emplace();
    engine = std::make_shared<OpenvinoEngine>(library);
  }
  predictor_ = library.Require<Pointer(const void*)>("_ZN12paddle_infer15CreatePredictorERKN6paddle14AnalysisConfigE")(
      config.get());
  if (predictor_ == nullptr) throw NativeError("PREDICTOR_CREATE_FAILED", "Paddle returned no predictor");
  if (engine != nullptr) engine->Created();
  ReadPorts();
  library.EvictCodeOnce();
  engine_ = std::move(engine);
}

Predictor::Predictor(const PaddleLibrary& library, Pointer predictor, PredictorInfo info,
                     std::shared_ptr<OpenvinoEngine> engine)
    : library_(library),
      engine_(std::move(engine)),
      predictor_(std::move(predictor)),
      info_(std::move(info)),
      run_(library.Require<bool(abi::Predictor*)>(kRun)) {}

Predictor::~Predictor() {
  std::lock_guard<std::mutex> lock(LifeMutex());
  predictor_.reset();
  engine_.reset();
  // Otherwise freed weights stay in the C library's allocator, and the next predictor's thread allocates new memory.
  malloc_trim(0);
}

std::unique_ptr<Predictor> Predictor::Clone() {
  std::lock_guard<std::mutex> lock(LifeMutex());
  auto clone = library_.Require<abi::UniquePtr<abi::Predictor>(abi::Predictor*, void*)>(
      "_ZN12paddle_infer9Predictor5CloneEPv")(predictor_.get(), nullptr);
  Pointer pointer(clone.release(), [&library = library_](abi::Predictor* old) { DestroyClone(library, old); });
  return std::unique_ptr<Predictor>(new Predictor(library_, std::move(pointer), info_, engine_));
}

void Predictor::ReadPorts() {
  abi::Predictor* predictor = predictor_.get();
  const auto inputs = Ask<abi::Names>(library_, "_ZN12paddle_infer9Predictor13GetInputNamesB5cxx11Ev", predictor);
  const auto outputs = Ask<abi::Names>(library_, "_ZN12paddle_infer9Predictor14GetOutputNamesB5cxx11Ev", predictor);
  const auto shapes =
      Ask<abi::Shapes>(library_, "_ZN12paddle_infer9Predictor19GetInputTensorShapeB5cxx11Ev", predictor);
  const auto types = Ask<abi::Types>(library_, "_ZN12paddle_infer9Predictor13GetInputTypesB5cxx11Ev", predictor);
  info_.inputs = MakePorts(inputs, shapes, types);
  // Output types and shapes are not queried: before a run Paddle throws or returns wrong values for some models.
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

void Predictor::Feed(const FeedTensor& tensor) {
  auto shared = shared_memory_.find(tensor.name);
  if (shared == shared_memory_.end()) {
    CopyIn(library_, InputHandle(tensor.name), tensor);
    return;
  }
  // Once memory was shared, a copy through Paddle would write into it, although Paddle does not own it.
  Memory copy = CopyOf(tensor);
  FeedTensor own = tensor;
  own.data = copy.get();
  ShareIn(library_, InputHandle(tensor.name), own);
  shared->second = std::move(copy);
}

void Predictor::Share(const FeedTensor& tensor) {
  ShareIn(library_, InputHandle(tensor.name), tensor);
  shared_memory_[tensor.name] = nullptr;
}

void Predictor::SetInputLod(const std::string& name, const abi::Lod& lod) { SetLod(library_, InputHandle(name), lod); }

void Predictor::Execute() {
  library_.ShortenSpinWait();
  if (!run_(predictor_.get())) throw NativeError("PREDICTOR_RUN_FAILED", "Paddle's Run() returned false");
}

FetchTensor Predictor::Output(const std::string& name) { return Fetch(library_, OutputHandle(name), name); }

TensorInfo Predictor::DescribeOutput(const std::string& name) { return Describe(library_, OutputHandle(name), name); }

std::vector<FetchTensor> Predictor::Run(const std::vector<FeedTensor>& inputs) {
  for (const FeedTensor& input : inputs) {
    if (info_.openvino && CanShare(library_, input)) {
      Share(input);
    } else {
      Feed(input);
    }
  }
  Execute();
  std::vector<FetchTensor> outputs;
  for (const PortInfo& port : info_.outputs) outputs.push_back(Output(port.name));
  return outputs;
}

void Predictor::ClearIntermediateTensor() {
  library_.Require<void(abi::Predictor*)>("_ZN12paddle_infer9Predictor23ClearIntermediateTensorEv")(predictor_.get());
}

uint64_t Predictor::TryShrinkMemory() {
  return library_.Require<uint64_t(abi::Predictor*)>("_ZN12paddle_infer9Predictor15TryShrinkMemoryEv")(
      predictor_.get());
}

}  // namespace paddlelab
