#include "paddle/library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <memory>
#include <mutex>

#include "paddle/code_pages.h"
#include "paddle/own_filesystem.h"

namespace paddlelab {
namespace {

// Much longer than the time between two loops of a run.
constexpr int kBlocktimeMs = 1;

// oneDNN makes some sixty primitives for each new input shape of a small network. Its default of 1024 holds 17 shapes
// of one; a text recogniser sees more widths than that, again and again. 4096 took 140 MB at most.
constexpr int kPrimitives = 4096;

std::mutex load_mutex;
std::unique_ptr<PaddleLibrary> loaded;

void* Open(const std::string& path, int flags) {
  void* handle = dlopen(path.c_str(), flags);
  if (handle == nullptr) throw NativeError("RUNTIME_INVALID", dlerror());
  return handle;
}

}  // namespace

PaddleLibrary::PaddleLibrary(std::string path, void* handle) : path_(std::move(path)), handle_(handle) {
  version_ = Require<std::string()>("_ZN12paddle_infer10GetVersionB5cxx11Ev")();
  // The user's setting is kept.
  if (getenv("KMP_BLOCKTIME") == nullptr) {
    set_blocktime_ = reinterpret_cast<void (*)(int)>(Find({"kmp_set_blocktime"}));
  }
  KeepMorePrimitives();
}

void PaddleLibrary::KeepMorePrimitives() const {
  // The user's setting is kept.
  for (const char* name : {"ONEDNN_PRIMITIVE_CACHE_CAPACITY", "DNNL_PRIMITIVE_CACHE_CAPACITY"}) {
    if (getenv(name) != nullptr) return;
  }
  // Absent in builds without oneDNN.
  const auto set = reinterpret_cast<int (*)(int)>(Find({"dnnl_set_primitive_cache_capacity"}));
  if (set != nullptr) set(kPrimitives);
}

// By default they spin-wait for 200 ms after a run, which takes a core from other work of the process: reading and
// drawing images, and JavaScript itself.
void PaddleLibrary::ShortenSpinWait() const {
  thread_local bool done = false;
  if (!done && set_blocktime_ != nullptr) set_blocktime_(kBlocktimeMs);
  done = true;
}

const PaddleLibrary& PaddleLibrary::Load(const std::string& library, const std::string& stubs,
                                         const std::vector<std::string>& preload) {
  std::lock_guard<std::mutex> lock(load_mutex);
  if (loaded != nullptr) {
    if (loaded->path() == library) return *loaded;
    throw NativeError("RUNTIME_CONFLICT", loaded->path());
  }
  Open(stubs, RTLD_NOW | RTLD_GLOBAL);
  for (const std::string& dependency : preload) Open(dependency, RTLD_LAZY | RTLD_LOCAL);
  // Not RTLD_DEEPBIND: it crashes inside Node. NODELETE: static destructors of Paddle must not run before exit.
  void* handle = Open(library, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
  BindOwnFilesystem(handle);
  loaded.reset(new PaddleLibrary(library, handle));
  return *loaded;
}

const PaddleLibrary& PaddleLibrary::Get() {
  std::lock_guard<std::mutex> lock(load_mutex);
  if (loaded == nullptr) throw NativeError("RUNTIME_NOT_FOUND", "No Paddle library is loaded");
  return *loaded;
}

std::tuple<int, int, int> PaddleLibrary::TrtCompileVersion() const {
  return Require<std::tuple<int, int, int>()>("_ZN12paddle_infer20GetTrtCompileVersionEv")();
}

std::tuple<int, int, int> PaddleLibrary::TrtRuntimeVersion() const {
  return Require<std::tuple<int, int, int>()>("_ZN12paddle_infer20GetTrtRuntimeVersionEv")();
}

void PaddleLibrary::EvictCodeOnce() const {
  std::call_once(evicted_, [this] {
    // Not std::filesystem, which old libraries do not have.
    const std::unique_ptr<char, decltype(&std::free)> file(realpath(path_.c_str(), nullptr), std::free);
    if (file == nullptr) return;
    // Paddle's dependencies are in a folder next to its own.
    std::string folder = file.get();
    for (int level = 0; level < 2; level++) {
      const size_t end = folder.rfind('/');
      if (end == std::string::npos) return;
      folder.resize(end);
    }
    EvictCodePages(folder + "/");
  });
}

void* PaddleLibrary::Find(const std::vector<const char*>& names) const {
  for (const char* name : names) {
    if (void* address = dlsym(handle_, name)) return address;
  }
  return nullptr;
}

}  // namespace paddlelab
