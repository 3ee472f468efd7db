#pragma once

#include <napi.h>

namespace paddlelab {

// Adds the class `Predictor` to the exports.
void RegisterPredictor(Napi::Env env, Napi::Object exports);

}  // namespace paddlelab
