#pragma once

#include <napi.h>

namespace paddlelab {

// Adds the functions for Paddle as a whole to the exports: loading it, its versions, reading a configuration back,
// converting models, and the shutdown.
void RegisterLibrary(Napi::Env env, Napi::Object exports);

}  // namespace paddlelab
