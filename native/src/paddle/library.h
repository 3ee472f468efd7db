#pragma once

#include <mutex>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

namespace paddlelab {

// An error whose code TypeScript maps to a PaddleLabError; the text is the native cause.
class NativeError : public std::runtime_error {
 public:
  NativeError(const char* code, const std::string& message) : std::runtime_error(message), code_(code) {}
  const char* code() const { return code_; }

 private:
  const char* code_;
};

// The single Paddle library of this process. Two can't be loaded (their dependencies have the same names), so loading a
// second one is refused.
class PaddleLibrary {
 public:
  // Loads `library` after `stubs`, the library with the symbols that it needs; a second call with the same path returns
  // at once. Takes up to a second.
  static const PaddleLibrary& Load(const std::string& library, const std::string& stubs,
                                   const std::vector<std::string>& preload);
  static const PaddleLibrary& Get();

  const std::string& path() const { return path_; }
  const std::string& version() const { return version_; }
  // Version of the TensorRT that this Paddle was compiled with, and of the loaded one; zeros if there is none.
  std::tuple<int, int, int> TrtCompileVersion() const;
  std::tuple<int, int, int> TrtRuntimeVersion() const;

  // Evicts the code of Paddle from memory after the first predictor was created; does nothing later.
  void EvictCodeOnce() const;

  // Limits the spin-wait of the calling thread's OpenMP threads between loops.
  void ShortenSpinWait() const;

  // The first of the symbols that this Paddle exports, or null.
  void* Find(const std::vector<const char*>& names) const;

  template <typename Function>
  Function* Require(const char* name) const {
    void* address = Find({name});
    if (address == nullptr) {
      throw NativeError("METHOD_UNAVAILABLE", std::string("This Paddle does not export ") + name);
    }
    return reinterpret_cast<Function*>(address);
  }

 private:
  PaddleLibrary(std::string path, void* handle);

  // Makes the cache of oneDNN larger, which all predictors share.
  void KeepMorePrimitives() const;

  std::string path_;
  void* handle_;
  std::string version_;
  // A function of Intel's OpenMP; null if this Paddle does not use it.
  void (*set_blocktime_)(int) = nullptr;
  mutable std::once_flag evicted_;
};

}  // namespace paddlelab
