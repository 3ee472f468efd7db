#pragma once

#include <napi.h>

namespace paddlelab {

// Adds what moves the standard streams of the whole process, for which Node has nothing, to the exports.
void RegisterStandardStreams(Napi::Env env, Napi::Object exports);

}  // namespace paddlelab
