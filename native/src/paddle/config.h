#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "paddle/config_methods.h"
#include "paddle/library.h"

namespace paddlelab {

// One call on the configuration, already checked by TypeScript: `EnableUseGpu(100, 0, 0)`.
struct ConfigStep {
  std::string method;
  ConfigArguments arguments;
};

// Paddle's report on a configuration before a predictor is created from it.
struct ConfigReport {
  std::map<std::string, ConfigValue> values;
  // Exceptions that Paddle threw in getters.
  std::map<std::string, std::string> failures;
  std::string summary;
  std::vector<std::string> passes;
  std::vector<std::string> analysis_passes;
  std::string passes_text;
};

// A paddle::AnalysisConfig in the addon's own storage.
class Config {
 public:
  explicit Config(const PaddleLibrary& library, const std::vector<ConfigStep>& steps);
  ~Config();
  Config(const Config&) = delete;
  Config& operator=(const Config&) = delete;

  // Reads a getter such as `use_gpu`; false if this Paddle does not have it.
  bool Flag(const std::string& getter) const;
  std::string Summary() const;
  ConfigReport Report() const;
  const void* get() const { return storage_.get(); }

 private:
  struct Destroy {
    const PaddleLibrary* library;
    void operator()(void* storage) const;
  };

  void Apply(const ConfigStep& step);

  const PaddleLibrary& library_;
  std::unique_ptr<void, Destroy> storage_;
};

}  // namespace paddlelab
