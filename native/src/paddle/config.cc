#include "paddle/config.h"

#include <cstdlib>
#include <cstring>
#include <exception>

#include "paddle/abi.h"

namespace paddlelab {
namespace {

// AnalysisConfig takes 1.6 KB (3.3.1) to 2.1 KB (2.6.2); the rest is reserved for future versions.
constexpr size_t kConfigBytes = 1 << 16;

void* Construct(const PaddleLibrary& library) {
  auto construct = library.Require<void(void*)>("_ZN6paddle14AnalysisConfigC1Ev");
  void* storage = std::aligned_alloc(64, kConfigBytes);
  std::memset(storage, 0, kConfigBytes);
  construct(storage);
  return storage;
}

}  // namespace

void Config::Destroy::operator()(void* storage) const {
  library->Require<void(void*)>("_ZN6paddle14AnalysisConfigD1Ev")(storage);
  std::free(storage);
}

Config::Config(const PaddleLibrary& library, const std::vector<ConfigStep>& steps)
    : library_(library), storage_(Construct(library), Destroy{&library}) {
  for (const ConfigStep& step : steps) Apply(step);
}

Config::~Config() = default;

void Config::Apply(const ConfigStep& step) {
  void* function = nullptr;
  const ConfigSymbol* symbol = FindConfigMethod(library_, step.method, &function);
  if (symbol == nullptr) throw NativeError("METHOD_UNAVAILABLE", step.method);
  const bool on_builder = symbol->owner == ConfigSymbol::Owner::kPassBuilder;
  symbol->invoke(function, on_builder ? PassBuilderOf(library_, storage_.get()) : storage_.get(), step.arguments);
}

bool Config::Flag(const std::string& name) const {
  for (const ConfigGetter& getter : ConfigGetters()) {
    if (name != getter.name) continue;
    void* address = FindConfigGetter(library_, getter);
    return address != nullptr && std::get<bool>(CallConfigGetter(address, getter.kind, storage_.get()));
  }
  return false;
}

std::string Config::Summary() const {
  return library_.Require<std::string(void*)>("_ZN6paddle14AnalysisConfig7SummaryB5cxx11Ev")(storage_.get());
}

ConfigReport Config::Report() const {
  ConfigReport report;
  for (const ConfigGetter& getter : ConfigGetters()) {
    void* address = FindConfigGetter(library_, getter);
    if (address == nullptr) continue;
    try {
      report.values[getter.name] = CallConfigGetter(address, getter.kind, storage_.get());
    } catch (const std::exception& error) {
      report.failures[getter.name] = error.what();
    }
  }
  report.summary = Summary();
  void* builder = PassBuilderOf(library_, storage_.get());
  report.passes =
      library_.Require<const abi::Names&(void*)>("_ZNK6paddle17PaddlePassBuilder9AllPassesB5cxx11Ev")(builder);
  report.analysis_passes =
      library_.Require<abi::Names(void*)>("_ZNK6paddle17PaddlePassBuilder14AnalysisPassesB5cxx11Ev")(builder);
  report.passes_text =
      library_.Require<std::string(void*)>("_ZN6paddle17PaddlePassBuilder11DebugStringB5cxx11Ev")(builder);
  return report;
}

}  // namespace paddlelab
