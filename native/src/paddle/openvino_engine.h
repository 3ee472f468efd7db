#pragma once

#include <string>
#include <vector>

#include "paddle/library.h"

namespace paddlelab {

// The engine that Paddle 3.0 to 3.3 builds for a predictor with OpenVINO. Paddle keeps it in a table of the process,
// also after the predictor was destroyed: its weights and all that OpenVINO prepared for shapes of inputs, hundreds of
// megabytes.
class OpenvinoEngine {
 public:
  // Notes which engines there are, before a predictor is created. All methods are called while `LifeMutex` is held.
  explicit OpenvinoEngine(const PaddleLibrary& library);
  // Destroys the engines that came since; those of another Paddle, whose table can't be recognised, stay.
  ~OpenvinoEngine();
  OpenvinoEngine(const OpenvinoEngine&) = delete;
  OpenvinoEngine& operator=(const OpenvinoEngine&) = delete;

  // The predictor was created: later engines belong to others.
  void Created();

 private:
  const PaddleLibrary& library_;
  bool created_ = false;
  std::vector<std::string> before_;
  std::vector<std::string> own_;
};

}  // namespace paddlelab
