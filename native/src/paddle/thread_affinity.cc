#include "paddle/thread_affinity.h"

#include <elf.h>
#include <link.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <mutex>

namespace paddlelab {
namespace {

std::atomic<int> alive{0};

// Replaces `sched_setaffinity`, only for OpenVINO.
int SetAffinity(pid_t thread, size_t size, const cpu_set_t* processors) {
  const bool pins = CPU_COUNT_S(size, processors) == 1;
  return pins && alive > 1 ? 0 : sched_setaffinity(thread, size, processors);
}

// The table of a library's imported addresses.
struct Imports {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  const ElfW(Rela) * tables[2] = {nullptr, nullptr};
  size_t sizes[2] = {0, 0};
};

Imports ImportsOf(const dl_phdr_info& library) {
  Imports found;
  for (int i = 0; i < library.dlpi_phnum; i++) {
    if (library.dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    auto* entry = reinterpret_cast<const ElfW(Dyn)*>(library.dlpi_addr + library.dlpi_phdr[i].p_vaddr);
    for (; entry->d_tag != DT_NULL; entry++) {
      const auto pointer = entry->d_un.d_ptr;
      if (entry->d_tag == DT_SYMTAB) found.symbols = reinterpret_cast<const ElfW(Sym)*>(pointer);
      if (entry->d_tag == DT_STRTAB) found.names = reinterpret_cast<const char*>(pointer);
      if (entry->d_tag == DT_RELA) found.tables[0] = reinterpret_cast<const ElfW(Rela)*>(pointer);
      if (entry->d_tag == DT_RELASZ) found.sizes[0] = entry->d_un.d_val;
      if (entry->d_tag == DT_JMPREL) found.tables[1] = reinterpret_cast<const ElfW(Rela)*>(pointer);
      if (entry->d_tag == DT_PLTRELSZ) found.sizes[1] = entry->d_un.d_val;
    }
  }
  return found;
}

// The loader has made these pages read-only.
void Write(void** place, void* value) {
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  auto* start = reinterpret_cast<void*>(reinterpret_cast<uintptr_t>(place) & ~(page - 1));
  if (mprotect(start, page, PROT_READ | PROT_WRITE) != 0) return;
  *place = value;
  mprotect(start, page, PROT_READ);
}

int Redirect(dl_phdr_info* library, size_t, void*) {
  if (library->dlpi_name == nullptr || strstr(library->dlpi_name, "/libopenvino.so") == nullptr) return 0;
  const Imports imports = ImportsOf(*library);
  for (int t = 0; t < 2; t++) {
    for (size_t i = 0; i < imports.sizes[t] / sizeof(ElfW(Rela)); i++) {
      const ElfW(Rela)& import = imports.tables[t][i];
      const char* name = imports.names + imports.symbols[ELF64_R_SYM(import.r_info)].st_name;
      if (strcmp(name, "sched_setaffinity") != 0) continue;
      Write(reinterpret_cast<void**>(library->dlpi_addr + import.r_offset), reinterpret_cast<void*>(&SetAffinity));
    }
  }
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
