#pragma once

#include <napi.h>

namespace paddlelab {

// Adds `encodeMasks`, `pasteMasks`, `encodeLabels`, `toProbabilities` and `findJoints` to the exports.
void RegisterPostprocessing(Napi::Env env, Napi::Object exports);

}  // namespace paddlelab
