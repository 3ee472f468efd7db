#include "paddle/code_pages.h"

#include <sys/mman.h>

#include <cstdio>
#include <cstring>
#include <fstream>

namespace paddlelab {
namespace {

// A mapping of the process, from /proc/self/smaps.
struct Mapping {
  uintptr_t start = 0;
  uintptr_t end = 0;
  bool code = false;
  std::string path;
};

// False for the detail lines of the previous mapping.
bool ParseHead(const std::string& line, Mapping* mapping) {
  unsigned long start;
  unsigned long end;
  char rights[5];
  int path = 0;
  if (std::sscanf(line.c_str(), "%lx-%lx %4s %*s %*s %*s %n", &start, &end, rights, &path) != 3 || path == 0) {
    return false;
  }
  *mapping = {start, end, std::strcmp(rights, "r-xp") == 0, line.substr(path)};
  return true;
}

}  // namespace

void EvictCodePages(const std::string& folder) {
  std::ifstream smaps("/proc/self/smaps");
  Mapping mapping;
  for (std::string line; std::getline(smaps, line);) {
    if (ParseHead(line, &mapping)) continue;
    // Pages that were written to (relocations, self-modifying code) exist only in memory: such a mapping is kept.
    long written;
    if (std::sscanf(line.c_str(), "Anonymous: %ld kB", &written) != 1 || written != 0) continue;
    if (!mapping.code || mapping.path.rfind(folder, 0) != 0) continue;
    madvise(reinterpret_cast<void*>(mapping.start), mapping.end - mapping.start, MADV_DONTNEED);
  }
}

}  // namespace paddlelab
