#include "binding/standard_streams_api.h"

#include <stdexcept>

#include "paddle/standard_streams.h"

namespace paddlelab {
namespace {

void Redirect(const Napi::CallbackInfo& info) {
  try {
    RedirectStandardStreams(info[0].As<Napi::Number>().Int32Value());
  } catch (const std::runtime_error& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

void Restore(const Napi::CallbackInfo& info) {
  try {
    RestoreStandardStreams();
  } catch (const std::runtime_error& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

}  // namespace

void RegisterStandardStreams(Napi::Env env, Napi::Object exports) {
  exports.Set("redirectStandardStreams", Napi::Function::New(env, Redirect, "redirectStandardStreams"));
  exports.Set("restoreStandardStreams", Napi::Function::New(env, Restore, "restoreStandardStreams"));
}

}  // namespace paddlelab
