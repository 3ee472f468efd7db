#include "binding/library_api.h"

#include <tuple>
#include <unordered_set>

#include "binding/environment.h"
#include "binding/js_values.h"
#include "paddle/config.h"

namespace paddlelab {
namespace {

using Numbers = std::tuple<int, int, int>;
using StringSet = std::unordered_set<std::string>;

Napi::Array FromTuple(Napi::Env env, const Numbers& numbers) {
  auto array = Napi::Array::New(env, 3);
  array.Set(0u, std::get<0>(numbers));
  array.Set(1u, std::get<1>(numbers));
  array.Set(2u, std::get<2>(numbers));
  return array;
}

// Runs `work` on a native thread of its own, because libuv's threads never run anything of Paddle.
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
  auto work = [library = info[0].As<Napi::String>().Utf8Value(), symbols = info[1].As<Napi::String>().Utf8Value(),
               preload = ToStrings(info[2])]() -> Completion::MakeValue {
    const PaddleLibrary& loaded = PaddleLibrary::Load(library, symbols, preload);
    const auto methods = AvailableConfigMethods(loaded);
    return [&loaded, methods](Napi::Env env) {
      auto result = Napi::Object::New(env);
      result.Set("version", loaded.version());
      result.Set("configMethods", FromStrings(env, methods));
      result.Set("trtCompileVersion",
                 FromTuple(env, loaded.Require<Numbers()>("_ZN12paddle_infer20GetTrtCompileVersionEv")()));
      return result;
    };
  };
  return RunAlone(info, "RUNTIME_INVALID", work);
}

Napi::Value TrtRuntimeVersion(const Napi::CallbackInfo& info) {
  return RunAlone(info, "ENGINE_UNAVAILABLE", []() -> Completion::MakeValue {
    const auto version = PaddleLibrary::Get().Require<Numbers()>("_ZN12paddle_infer20GetTrtRuntimeVersionEv")();
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

Napi::Value ConvertToMixedPrecision(const Napi::CallbackInfo& info) {
  auto object = info[0].As<Napi::Object>();
  auto text = [&](const char* key) { return object.Get(key).As<Napi::String>().Utf8Value(); };
  auto set = [&](const char* key) {
    const auto list = ToStrings(object.Get(key));
    return StringSet(list.begin(), list.end());
  };
  auto work = [model = text("model"), params = text("params"), mixed_model = text("mixedModel"),
               mixed_params = text("mixedParams"), precision = object.Get("precision").As<Napi::Number>().Int32Value(),
               backend = object.Get("backend").As<Napi::Number>().Int32Value(),
               keep = object.Get("keepIoTypes").As<Napi::Boolean>().Value(), black = set("blackList"),
               white = set("whiteList")]() -> Completion::MakeValue {
    std::lock_guard<std::mutex> lock(LifeMutex());
    // Creating a predictor does the same; without it the conversion would end the process.
    PaddleLibrary::Get().Require<void()>("_ZN6paddle9framework16InitMemoryMethodEv")();
    PaddleLibrary::Get().Require<void()>("_ZN6paddle9framework11InitDevicesEv")();
    using String = const std::string&;
    PaddleLibrary::Get().Require<void(String, String, String, String, int, int, bool, StringSet, StringSet)>(
        "_ZN12paddle_infer23ConvertToMixedPrecisionERK" PADDLELAB_STRING
        "S7_S7_S7_N6paddle14AnalysisConfig9PrecisionENS_9PlaceTypeEbSt13unordered_setIS5_St4hashIS5_ESt8equal_toIS5_"
        "ESaIS5_EESI_")(model, params, mixed_model, mixed_params, precision, backend, keep, black, white);
    return [](Napi::Env env) { return env.Undefined(); };
  };
  return RunAlone(info, "PREDICTOR_CREATE_FAILED", work);
}

void Shutdown(const Napi::CallbackInfo& info) { GetEnvironment(info.Env()).Shutdown(); }

}  // namespace

void RegisterLibrary(Napi::Env env, Napi::Object exports) {
  exports.Set("shutdown", Napi::Function::New(env, Shutdown, "shutdown"));
  exports.Set("loadLibrary", Napi::Function::New(env, LoadLibrary, "loadLibrary"));
  exports.Set("trtRuntimeVersion", Napi::Function::New(env, TrtRuntimeVersion, "trtRuntimeVersion"));
  exports.Set("readConfig", Napi::Function::New(env, ReadConfig, "readConfig"));
  exports.Set("convertToMixedPrecision", Napi::Function::New(env, ConvertToMixedPrecision, "convertToMixedPrecision"));
}

}  // namespace paddlelab
