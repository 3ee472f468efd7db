#pragma once

namespace paddlelab {

// Lets a library that has a std::filesystem of its own use that one, also if the process has another.
//
// Paddle's builds for arm64 are compiled with GCC 8: std::filesystem was then a static library, and its paths had
// another layout than in libstdc++ since GCC 9, under the same names. Node has loaded that libstdc++ before, so that
// the loader would bind Paddle's calls to it; reading the parameters of a `.json` program would then crash.
void BindOwnFilesystem(void* library);

}  // namespace paddlelab
