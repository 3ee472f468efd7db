#pragma once

#include <napi.h>

namespace paddlelab {

void RegisterDrawing(Napi::Env env, Napi::Object exports);

}  // namespace paddlelab
