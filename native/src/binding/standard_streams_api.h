#pragma once

#include <napi.h>

namespace paddlelab {

// Adds the functions that redirect the standard streams of the process to the exports.
void RegisterStandardStreams(Napi::Env env, Napi::Object exports);

}  // namespace paddlelab
