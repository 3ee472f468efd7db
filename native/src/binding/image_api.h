#pragma once

#include <napi.h>

namespace paddlelab {

// Adds `runPasses` to the exports.
void RegisterImages(Napi::Env env, Napi::Object exports);

}  // namespace paddlelab
