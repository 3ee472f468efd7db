#pragma once

#include <string>

namespace paddlelab {

// Drops the code pages of the libraries below a folder from this process's resident memory; the kernel maps those that
// are needed again from the page cache. Loading Paddle and optimising a program touch far more code than runs do.
void EvictCodePages(const std::string& folder);

}  // namespace paddlelab
