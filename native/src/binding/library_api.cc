#include "binding/library_api.h"

#include <tuple>
#include <unordered_set>

#include "binding/environment.h"
#include "binding/js_values.h"
#include "paddle/config.h"
#include "paddle/mixed_precision.h"

namespace paddlelab {
namespace {

Napi::Array FromTuple(Napi::Env env, const std::tuple<int, int, int>& numbers) {
  auto array = Napi::Array::New(env, 3);
  array.Set(0u, std::get<0>(numbers));
  array.Set(1u, std::get<1>(numbers));
  array.Set(2u, std::get<2>(numbers));
  return array;
}

// Runs `work` on a separate native thread, because Paddle must not run on libuv's threads.
Napi::Value RunAlone(const Napi::CallbackInfo& info, const char* failure_code,
                     std::function<Completion::MakeValue()> work) {
  auto& environment = GetEnvironment(info.Env());
  const auto& completion = environment.completion();
  Napi::Promise promise;
  const uint64_t ticket = completion->Open(info.Env(), info.Env().Undefined(), &promise);
  auto slot = environment.AddSlot();
  slot->worker.Post([completion, ticket, failure_code, work = std::move(work)] {
    RunAndSettle(completion, ticket, failure_code, work);
  });
  slot->Finish(Worker::Queued::kRun);
  return promise;
}

Napi::Value LoadLibrary(const Napi::CallbackInfo& info) {
  auto work = [library = info[0].As<Napi::String>().Utf8Value(), stubs = info[1].As<Napi::String>().Utf8Value(),
               preload = ToStrings(info[2])]() -> Completion::MakeValue {
    const PaddleLibrary& loaded = PaddleLibrary::Load(library, stubs, preload);
    const auto methods = AvailableConfigMethods(loaded);
    return [&loaded, methods](Napi::Env env) {
      auto result = Napi::Object::New(env);
      result.Set("version", loaded.version());
      result.Set("configMethods", FromStrings(env, methods));
      result.Set("trtCompileVersion", FromTuple(env, loaded.TrtCompileVersion()));
      return result;
    };
  };
  return RunAlone(info, "RUNTIME_INVALID", work);
}

Napi::Value TrtRuntimeVersion(const Napi::CallbackInfo& info) {
  return RunAlone(info, "ENGINE_UNAVAILABLE", []() -> Completion::MakeValue {
    const auto version = PaddleLibrary::Get().TrtRuntimeVersion();
    return [version](Napi::Env env) { return FromTuple(env, version); };
  });
}

Napi::Value ReadConfig(const Napi::CallbackInfo& info) {
  return RunAlone(info, "CONFIG_INVALID", [steps = ToSteps(info[0])]() -> Completion::MakeValue {
    std::lock_guard<std::mutex> lock(LifeMutex());
    const Config config(PaddleLibrary::Get(), steps);
    return [report = config.Report()](Napi::Env env) { return FromReport(env, report); };
  });
}

Napi::Value ConvertModel(const Napi::CallbackInfo& info) {
  auto object = info[0].As<Napi::Object>();
  auto text = [&](const char* key) { return object.Get(key).As<Napi::String>().Utf8Value(); };
  auto number = [&](const char* key) { return object.Get(key).As<Napi::Number>().Int32Value(); };
  auto set = [&](const char* key) {
    const auto list = ToStrings(object.Get(key));
    return std::unordered_set<std::string>(list.begin(), list.end());
  };
  MixedPrecisionJob job{text("model"),
                        text("params"),
                        text("mixedModel"),
                        text("mixedParams"),
                        number("precision"),
                        number("backend"),
                        object.Get("keepIoTypes").As<Napi::Boolean>().Value(),
                        set("blackList"),
                        set("whiteList")};
  return RunAlone(info, "PREDICTOR_CREATE_FAILED", [job = std::move(job)]() -> Completion::MakeValue {
    ConvertToMixedPrecision(PaddleLibrary::Get(), job);
    return [](Napi::Env env) { return env.Undefined(); };
  });
}

void Shutdown(const Napi::CallbackInfo& info) { GetEnvironment(info.Env()).Shutdown(); }

}  // namespace

void RegisterLibrary(Napi::Env env, Napi::Object exports) {
  exports.Set("shutdown", Napi::Function::New(env, Shutdown, "shutdown"));
  exports.Set("loadLibrary", Napi::Function::New(env, LoadLibrary, "loadLibrary"));
  exports.Set("trtRuntimeVersion", Napi::Function::New(env, TrtRuntimeVersion, "trtRuntimeVersion"));
  exports.Set("readConfig", Napi::Function::New(env, ReadConfig, "readConfig"));
  exports.Set("convertToMixedPrecision", Napi::Function::New(env, ConvertModel, "convertToMixedPrecision"));
}

}  // namespace paddlelab
