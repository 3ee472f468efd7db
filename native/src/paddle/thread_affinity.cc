#include "paddle/thread_affinity.h"

#include <sched.h>

#include <atomic>
#include <cstring>
#include <mutex>

#include "paddle/imports.h"

namespace paddlelab {
namespace {

std::atomic<int> alive{0};

// Replaces `sched_setaffinity`, only for OpenVINO.
int SetAffinity(pid_t thread, size_t size, const cpu_set_t* processors) {
  const bool pins = CPU_COUNT_S(size, processors) == 1;
  return pins && alive > 1 ? 0 : sched_setaffinity(thread, size, processors);
}

int Redirect(dl_phdr_info* library, size_t, void*) {
  if (library->dlpi_name == nullptr || strstr(library->dlpi_name, "/libopenvino.so") == nullptr) return 0;
  ReplaceImports(*library, [](const Import& import) {
    return strcmp(import.name, "sched_setaffinity") == 0 ? reinterpret_cast<void*>(&SetAffinity) : nullptr;
  });
  return 1;
}

}  // namespace

ThreadAffinityGuard::ThreadAffinityGuard() {
  static std::mutex mutex;
  static bool redirected = false;
  if (alive++ == 0) return;
  std::lock_guard<std::mutex> lock(mutex);
  if (!redirected) redirected = dl_iterate_phdr(Redirect, nullptr) != 0;
}

ThreadAffinityGuard::~ThreadAffinityGuard() { alive--; }

}  // namespace paddlelab
