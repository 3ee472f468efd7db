#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config.h"
#include "paddle_abi.h"
#include "paddle_library.h"
#include "tensor.h"

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
};

// A paddle_infer::Predictor. Every method, the constructor and the destructor included, runs on one and the same
// thread.
class Predictor {
 public:
  Predictor(const PaddleLibrary& library, const std::vector<ConfigStep>& steps);
  ~Predictor();
  Predictor(const Predictor&) = delete;
  Predictor& operator=(const Predictor&) = delete;

  const PredictorInfo& info() const { return info_; }
  std::vector<FetchTensor> Run(const std::vector<FeedTensor>& inputs);

 private:
  void ReadPorts();
  abi::Tensor* InputHandle(const std::string& name);
  abi::Tensor* OutputHandle(const std::string& name);

  const PaddleLibrary& library_;
  std::shared_ptr<abi::Predictor> predictor_;
  PredictorInfo info_;
  // Paddle exports no destructor for its tensor handles: each is taken once and kept as long as the predictor.
  std::map<std::string, abi::Tensor*> input_handles_;
  std::map<std::string, abi::Tensor*> output_handles_;
};

}  // namespace paddlelab
