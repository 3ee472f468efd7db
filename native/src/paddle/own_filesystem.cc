#include "paddle/own_filesystem.h"

#include <dlfcn.h>

#include <cstring>

#include "paddle/imports.h"

namespace paddlelab {
namespace {

[[maybe_unused]] int Bind(dl_phdr_info* library, size_t, void* address) {
  if (library->dlpi_addr != *static_cast<ElfW(Addr)*>(address)) return 0;
  ReplaceImports(*library, [](const Import& import) {
    return strstr(import.name, "St10filesystem") == nullptr ? nullptr : import.own;
  });
  return 1;
}

}  // namespace

void BindOwnFilesystem([[maybe_unused]] void* library) {
#ifdef __aarch64__
  link_map* map = nullptr;
  if (dlinfo(library, RTLD_DI_LINKMAP, &map) == 0) dl_iterate_phdr(Bind, &map->l_addr);
#endif
}

}  // namespace paddlelab
