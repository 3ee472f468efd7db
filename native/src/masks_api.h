#pragma once

#include <napi.h>

namespace paddlelab {

// Adds `encodeMasks` to the exports.
void RegisterMasks(Napi::Env env, Napi::Object exports);

}  // namespace paddlelab
