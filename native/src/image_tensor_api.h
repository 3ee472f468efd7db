#pragma once

#include <napi.h>

namespace paddlelab {

// Adds `resizeImage` and `imageToTensor` to the exports.
void RegisterImageTensor(Napi::Env env, Napi::Object exports);

}  // namespace paddlelab
