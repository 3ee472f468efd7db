#pragma once

#include <napi.h>

namespace paddlelab {

void RegisterTextDetection(Napi::Env env, Napi::Object exports);

}  // namespace paddlelab
