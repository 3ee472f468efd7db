#include "standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "paddle_library.h"

namespace paddlelab {
namespace {

constexpr int kStreams[] = {STDOUT_FILENO, STDERR_FILENO};

// Where the streams went before; −1 while they still go there. Of the process, as the streams are.
int originals[] = {-1, -1};

// glog's threshold: 0 lets everything through, 2 only errors. Paddle's configuration can raise it, but not lower it.
void SetLogLevel(int level) {
  try {
    void* address = PaddleLibrary::Get().Find({"_ZN3fLI17FLAGS_minloglevelE"});
    if (address != nullptr) *static_cast<int*>(address) = level;
  } catch (const NativeError&) {
    // Without a Paddle nothing is logged, and a Paddle that comes starts with its own threshold.
  }
}

void CheckCall(Napi::Env env, int result, const char* name) {
  if (result < 0) throw Napi::Error::New(env, std::string(name) + " failed for a standard stream");
}

void Redirect(const Napi::CallbackInfo& info) {
  const int target = info[0].As<Napi::Number>().Int32Value();
  std::fflush(nullptr);
  for (size_t i = 0; i < 2; ++i) {
    if (originals[i] >= 0) continue;
    const int original = fcntl(kStreams[i], F_DUPFD_CLOEXEC, 3);
    CheckCall(info.Env(), original, "fcntl");
    CheckCall(info.Env(), dup2(target, kStreams[i]), "dup2");
    originals[i] = original;
  }
  // C keeps back what goes to a file until much has come together.
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  SetLogLevel(0);
}

void Restore(const Napi::CallbackInfo& info) {
  std::fflush(nullptr);
  for (size_t i = 0; i < 2; ++i) {
    if (originals[i] < 0) continue;
    CheckCall(info.Env(), dup2(originals[i], kStreams[i]), "dup2");
    close(originals[i]);
    originals[i] = -1;
  }
  SetLogLevel(2);
}

}  // namespace

void RegisterStandardStreams(Napi::Env env, Napi::Object exports) {
  exports.Set("redirectStandardStreams", Napi::Function::New(env, Redirect, "redirectStandardStreams"));
  exports.Set("restoreStandardStreams", Napi::Function::New(env, Restore, "restoreStandardStreams"));
}

}  // namespace paddlelab
