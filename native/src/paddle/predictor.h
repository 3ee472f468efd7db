#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "paddle/abi.h"
#include "paddle/config.h"
#include "paddle/hooks.h"
#include "paddle/library.h"
#include "paddle/openvino_engine.h"
#include "paddle/tensor.h"
#include "paddle/thread_affinity.h"

namespace paddlelab {

struct PortInfo {
  std::string name;
  // -1 if Paddle does not know it before a run.
  int type = -1;
  std::vector<int64_t> shape;
};

struct PredictorInfo {
  std::vector<PortInfo> inputs;
  std::vector<PortInfo> outputs;
  bool use_gpu = false;
  bool onednn = false;
  bool openvino = false;
  bool tensorrt = false;
  std::string summary;

  bool PlainCpu() const { return !use_gpu && !onednn && !openvino && !tensorrt; }
};

// Creating and destroying a predictor modify registries of Paddle that are shared by all predictors of the process.
std::mutex& LifeMutex();

// A paddle_infer::Predictor. Every method, including the constructor and the destructor, runs on the same thread; only
// a clone is created on its parent's.
class Predictor {
 public:
  Predictor(const PaddleLibrary& library, const std::vector<ConfigStep>& steps);
  ~Predictor();
  Predictor(const Predictor&) = delete;
  Predictor& operator=(const Predictor&) = delete;

  // Another predictor with the same weights, to be passed to its own thread. It must be destroyed before this one.
  std::unique_ptr<Predictor> Clone();

  const PredictorInfo& info() const { return info_; }

  // Copies a tensor in.
  void Feed(const FeedTensor& tensor);
  // Shares the tensor's memory with Paddle (zero-copy) until this input is fed with something else.
  void Share(const FeedTensor& tensor);
  void SetInputLod(const std::string& name, const abi::Lod& lod);
  void Execute();
  FetchTensor Output(const std::string& name);
  TensorInfo DescribeOutput(const std::string& name);
  // Feed, execute and fetch in one. The OpenVINO engine runs the whole program, only reads its inputs, and copies them
  // itself: there they are shared instead of copied, until they are fed with something else.
  std::vector<FetchTensor> Run(const std::vector<FeedTensor>& inputs);

  // Records the inputs (or outputs) of every operator in all later runs.
  void Watch(bool of_inputs) { hooks_.Register(library_, predictor_.get(), of_inputs); }
  std::vector<HookEvent> TakeEvents() { return hooks_.Take(); }

  void ClearIntermediateTensor();
  // Number of bytes returned to the system.
  uint64_t TryShrinkMemory();

 private:
  using Pointer = std::shared_ptr<abi::Predictor>;

  Predictor(const PaddleLibrary& library, Pointer predictor, PredictorInfo info,
            std::shared_ptr<OpenvinoEngine> engine);
  void ReadPorts();
  abi::Tensor* InputHandle(const std::string& name);
  abi::Tensor* OutputHandle(const std::string& name);

  const PaddleLibrary& library_;
  // Memory that is shared with Paddle; declared first, like the hooks, so that both outlive the predictor.
  std::map<std::string, Memory> shared_memory_;
  Hooks hooks_;
  // Shared by clones.
  std::shared_ptr<OpenvinoEngine> engine_;
  Pointer predictor_;
  PredictorInfo info_;
  // With the OpenVINO engine; clones run one at a time and need no separate processor.
  std::optional<ThreadAffinityGuard> affinity_guard_;
  bool (*run_)(abi::Predictor*);
  // Paddle exports no destructor for its tensor handles: each is fetched once and kept as long as the predictor.
  std::map<std::string, abi::Tensor*> input_handles_;
  std::map<std::string, abi::Tensor*> output_handles_;
};

}  // namespace paddlelab
