#pragma once

#include <napi.h>

namespace paddlelab {

// Adds `cropQuadrangles`, `smallestQuads` and `decodeCtc` to the exports.
void RegisterTextRecognition(Napi::Env env, Napi::Object exports);

}  // namespace paddlelab
