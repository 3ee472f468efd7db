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
#include "paddle/tensor.h"
#include "paddle/thread_affinity.h"

namespace paddlelab {

struct PortInfo {
  std::string name;
  // -1 where Paddle does not tell before a run.
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

// Creating and destroying touch registries of Paddle that are shared by all predictors of the process.
std::mutex& LifeMutex();

// A paddle_infer::Predictor. Every method, the constructor and the destructor included, runs on one and the same
// thread; only a clone is made on its parent's.
class Predictor {
 public:
  Predictor(const PaddleLibrary& library, const std::vector<ConfigStep>& steps);
  ~Predictor();
  Predictor(const Predictor&) = delete;
  Predictor& operator=(const Predictor&) = delete;

  // Another predictor on the same weights, to be handed to a thread of its own. It must be destroyed before this one.
  std::unique_ptr<Predictor> Clone();

  const PredictorInfo& info() const { return info_; }

  // Copies a tensor in.
  void Feed(const FeedTensor& tensor);
  // Lets Paddle read the tensor's memory until this input is fed with something else.
  void Share(const FeedTensor& tensor);
  void SetInputLod(const std::string& name, const abi::Lod& lod);
  void Execute();
  FetchTensor Output(const std::string& name);
  TensorInfo DescribeOutput(const std::string& name);
  // Feed, execute and fetch in one. The OpenVINO engine takes the whole program, only reads its inputs, and copies them
  // itself: there they are shared instead of copied, until they are fed with something else.
  std::vector<FetchTensor> Run(const std::vector<FeedTensor>& inputs);

  // Notes from now on what every operator takes or makes.
  void Watch(bool of_inputs) { hooks_.Register(library_, predictor_.get(), of_inputs); }
  std::vector<HookEvent> TakeEvents() { return hooks_.Take(); }

  void ClearIntermediateTensor();
  // Bytes given back to the system.
  uint64_t TryShrinkMemory();

 private:
  using Pointer = std::shared_ptr<abi::Predictor>;

  Predictor(const PaddleLibrary& library, Pointer predictor, PredictorInfo info);
  void ReadPorts();
  abi::Tensor* InputHandle(const std::string& name);
  abi::Tensor* OutputHandle(const std::string& name);

  const PaddleLibrary& library_;
  // Memory that Paddle reads as its own; declared first, as the hooks are, so that both outlive the predictor.
  std::map<std::string, Memory> lent_;
  Hooks hooks_;
  Pointer predictor_;
  PredictorInfo info_;
  // With the OpenVINO engine; clones take turns and need no processor of their own.
  std::optional<ThreadAffinityGuard> affinity_guard_;
  bool (*run_)(abi::Predictor*);
  // Paddle exports no destructor for its tensor handles: each is taken once and kept as long as the predictor.
  std::map<std::string, abi::Tensor*> input_handles_;
  std::map<std::string, abi::Tensor*> output_handles_;
};

}  // namespace paddlelab
