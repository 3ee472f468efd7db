// Paddle frees the scratch memory of MKL after every run. MKL takes 1024 locks for that, which costs more than the rest
// of a small run. This function overrides MKL's own, because its library is loaded globally, and forwards one call per
// tick of the clock (1 to 4 ms): longer runs free the memory as before, and in a series of short runs the memory may be
// kept for the next run.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#define EXPORT __attribute__((visibility("default")))

typedef void (*FreeBuffers)(void);

EXPORT void mkl_serv_free_buffers(void);

static int NotePath(struct dl_phdr_info* info, size_t size, void* path) {
  (void)size;
  if (strstr(info->dlpi_name, "libmklml") == NULL || strlen(info->dlpi_name) >= PATH_MAX) return 0;
  strcpy(path, info->dlpi_name);
  return 1;
}

// MKL's own function, which is overridden for all other callers.
static FreeBuffers FindReal(void) {
  char path[PATH_MAX] = "";
  // Only the name is read in the callback: opening a library takes the loader's locks in another order.
  if (dl_iterate_phdr(NotePath, path) == 0) return NULL;
  void* library = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
  return library == NULL ? NULL : (FreeBuffers)dlsym(library, "mkl_serv_free_buffers");
}

static FreeBuffers Real(void) {
  static _Atomic(FreeBuffers) real;
  FreeBuffers known = atomic_load_explicit(&real, memory_order_relaxed);
  if (known == NULL) {
    known = FindReal();
    atomic_store_explicit(&real, known, memory_order_relaxed);
  }
  return known;
}

void mkl_serv_free_buffers(void) {
  static _Atomic long last;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  const long tick = now.tv_sec * 1000000000L + now.tv_nsec;
  if (atomic_exchange_explicit(&last, tick, memory_order_relaxed) == tick) return;
  const FreeBuffers real = Real();
  if (real != NULL && real != mkl_serv_free_buffers) real();
}
