#pragma once

// Included before everything else (`-include` in binding.gyp). The addon runs with glibc 2.28 and GCC 8's libstdc++, on
// which Node 20 itself runs, wherever it is compiled: functions that got a newer symbol version are linked with the
// old one, which newer libraries still have. `test/native/floor.test.ts` checks the built files.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <features.h>

#if defined(__GLIBC__)
#if defined(__x86_64__)
#define PADDLELAB_OLDEST "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define PADDLELAB_OLDEST "GLIBC_2.17"
#endif

#ifdef PADDLELAB_OLDEST
// In libc itself since 2.34.
__asm__(".symver dlopen, dlopen@" PADDLELAB_OLDEST);
__asm__(".symver dlsym, dlsym@" PADDLELAB_OLDEST);
__asm__(".symver dlerror, dlerror@" PADDLELAB_OLDEST);
#ifdef __aarch64__
// Only called there.
__asm__(".symver dlinfo, dlinfo@" PADDLELAB_OLDEST);
#endif
__asm__(".symver pthread_once, pthread_once@" PADDLELAB_OLDEST);
// The new version does not set errno.
__asm__(".symver exp, exp@" PADDLELAB_OLDEST);
#ifdef __cplusplus
// std::condition_variable::wait
__asm__(
    ".symver _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE, "
    "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE@GLIBCXX_3.4.11");
#endif
#endif
#endif
