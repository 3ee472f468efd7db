#pragma once

#include <string>

namespace paddlelab {

// Takes the code of the libraries below a folder out of this process's memory; what runs needs comes back by itself,
// from the system's cache of files. Loading Paddle and optimising a program touch far more code than runs do.
void ReleaseResidentCode(const std::string& folder);

}  // namespace paddlelab
