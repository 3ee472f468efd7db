#pragma once

#include <string>

namespace paddlelab {

// Drops the code pages of the libraries in a folder from this process's resident memory; the kernel reloads the needed
// ones from the page cache. Loading Paddle and optimising a program use far more code than runs do.
void EvictCodePages(const std::string& folder);

}  // namespace paddlelab
