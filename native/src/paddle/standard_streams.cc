#include "paddle/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>

#include "paddle/library.h"

namespace paddlelab {
namespace {

constexpr int kStreams[] = {STDOUT_FILENO, STDERR_FILENO};

// The original targets of the streams; −1 while not redirected. Per process, like the streams.
int originals[] = {-1, -1};

// glog's threshold: 0 logs everything, 2 only errors. Paddle's configuration can raise it, but not lower it.
void SetLogLevel(int level) {
  try {
    void* address = PaddleLibrary::Get().Find({"_ZN3fLI17FLAGS_minloglevelE"});
    if (address != nullptr) *static_cast<int*>(address) = level;
  } catch (const NativeError&) {
    // Without Paddle nothing is logged, and a Paddle loaded later starts with its own threshold.
  }
}

void CheckCall(int result, const char* name) {
  if (result < 0) throw std::runtime_error(std::string(name) + " failed for a standard stream");
}

}  // namespace

void RedirectStandardStreams(int target) {
  std::fflush(nullptr);
  for (size_t i = 0; i < 2; ++i) {
    if (originals[i] >= 0) continue;
    const int original = fcntl(kStreams[i], F_DUPFD_CLOEXEC, 3);
    CheckCall(original, "fcntl");
    CheckCall(dup2(target, kStreams[i]), "dup2");
    originals[i] = original;
  }
  // C buffers output to files until a larger block is complete.
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  SetLogLevel(0);
}

void RestoreStandardStreams() {
  std::fflush(nullptr);
  for (size_t i = 0; i < 2; ++i) {
    if (originals[i] < 0) continue;
    CheckCall(dup2(originals[i], kStreams[i]), "dup2");
    close(originals[i]);
    originals[i] = -1;
  }
  SetLogLevel(2);
}

}  // namespace paddlelab
