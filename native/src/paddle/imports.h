#pragma once

#include <link.h>

#include <functional>

namespace paddlelab {

// A place in a loaded library that holds, or will hold, the address of a symbol.
struct Import {
  const char* name;
  // The library's own definition; null if it has none.
  void* own;
};

// Replaces the addresses of a library's imports: `choose` returns the new one, or null to leave it.
void ReplaceImports(const dl_phdr_info& library, const std::function<void*(const Import&)>& choose);

}  // namespace paddlelab
