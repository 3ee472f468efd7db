#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "paddle/abi.h"
#include "paddle/library.h"

namespace paddlelab {

// An input or output tensor of an operator during a run.
struct HookEvent {
  bool is_input = false;
  std::string op;
  std::string variable;
  // phi::DataType; 0 if the tensor is empty.
  int type = 0;
  std::vector<int64_t> shape;
};

// Records the calls of Paddle's hooks, on the predictor's thread. Must outlive the predictor.
class Hooks {
 public:
  void Register(const PaddleLibrary& library, abi::Predictor* predictor, bool of_inputs);
  std::vector<HookEvent> Take() { return std::move(events_); }

 private:
  std::vector<HookEvent> events_;
};

}  // namespace paddlelab
