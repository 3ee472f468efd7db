#include "paddle/imports.h"

#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace paddlelab {
namespace {

// The table of a library's imported addresses.
struct Tables {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  const ElfW(Rela) * tables[2] = {nullptr, nullptr};
  size_t sizes[2] = {0, 0};
  // What the loader has made read-only.
  ElfW(Addr) sealed = 0;
  ElfW(Addr) sealed_end = 0;
};

Tables TablesOf(const dl_phdr_info& library) {
  Tables found;
  for (int i = 0; i < library.dlpi_phnum; i++) {
    const ElfW(Phdr)& part = library.dlpi_phdr[i];
    const ElfW(Addr) start = library.dlpi_addr + part.p_vaddr;
    if (part.p_type == PT_GNU_RELRO) {
      found.sealed = start;
      found.sealed_end = start + part.p_memsz;
    }
    if (part.p_type != PT_DYNAMIC) continue;
    for (auto* entry = reinterpret_cast<const ElfW(Dyn)*>(start); entry->d_tag != DT_NULL; entry++) {
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

// Other places stay writable: the loader itself binds functions there, on their first call.
void Write(const Tables& tables, void** place, void* value) {
  const auto address = reinterpret_cast<ElfW(Addr)>(place);
  if (address < tables.sealed || address >= tables.sealed_end) {
    *place = value;
    return;
  }
  const auto page = static_cast<ElfW(Addr)>(sysconf(_SC_PAGESIZE));
  auto* start = reinterpret_cast<void*>(address & ~(page - 1));
  if (mprotect(start, page, PROT_READ | PROT_WRITE) != 0) return;
  *place = value;
  mprotect(start, page, PROT_READ);
}

}  // namespace

void ReplaceImports(const dl_phdr_info& library, const std::function<void*(const Import&)>& choose) {
  const Tables tables = TablesOf(library);
  for (int t = 0; t < 2; t++) {
    for (size_t i = 0; i < tables.sizes[t] / sizeof(ElfW(Rela)); i++) {
      const ElfW(Rela)& import = tables.tables[t][i];
      const auto index = ELF64_R_SYM(import.r_info);
      // An address without a symbol.
      if (index == 0) continue;
      const ElfW(Sym)& symbol = tables.symbols[index];
      void* own = symbol.st_shndx == SHN_UNDEF ? nullptr : reinterpret_cast<void*>(library.dlpi_addr + symbol.st_value);
      void* chosen = choose({tables.names + symbol.st_name, own});
      if (chosen == nullptr) continue;
      auto* target = static_cast<char*>(chosen) + import.r_addend;
      Write(tables, reinterpret_cast<void**>(library.dlpi_addr + import.r_offset), target);
    }
  }
}

}  // namespace paddlelab
