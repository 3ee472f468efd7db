#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "paddle_library.h"

namespace paddlelab {

using ConfigArgument = std::variant<bool, int64_t, std::string, std::vector<std::string>>;

// One call on the configuration, already checked by TypeScript: `EnableUseGpu(100, 0, 0)`.
struct ConfigStep {
  std::string method;
  std::vector<ConfigArgument> arguments;
};

// A paddle::AnalysisConfig in storage of our own.
class Config {
 public:
  explicit Config(const PaddleLibrary& library);
  ~Config();
  Config(const Config&) = delete;
  Config& operator=(const Config&) = delete;

  void Apply(const ConfigStep& step);
  // Reads a getter such as `use_gpu` back; false where this Paddle has no such getter.
  bool Flag(const char* getter) const;
  std::string Summary();
  const void* get() const { return storage_; }

 private:
  const PaddleLibrary& library_;
  void* storage_;
};

// Names of the configuration methods that the loaded Paddle has.
std::vector<std::string> AvailableConfigMethods(const PaddleLibrary& library);

}  // namespace paddlelab
