#include <new>

// Functions and variables that newer compilers call, and old libraries do not have (see glibc_floor.h).

// Of glibc 2.32. False: Node always has several threads.
extern "C" {
__attribute__((visibility("hidden"))) char __libc_single_threaded = 0;
}

namespace std {

// Of GCC 11's libstdc++.
void __throw_bad_array_new_length() { throw std::bad_array_new_length(); }

}  // namespace std
