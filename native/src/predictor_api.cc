#include "predictor_api.h"

#include "environment.h"

namespace paddlelab {
namespace {

ConfigArgument ToArgument(const Napi::Value& value) {
  if (value.IsBoolean()) return value.As<Napi::Boolean>().Value();
  if (value.IsNumber()) return value.As<Napi::Number>().Int64Value();
  if (value.IsString()) return value.As<Napi::String>().Utf8Value();
  std::vector<std::string> list;
  auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); i++) list.push_back(array.Get(i).As<Napi::String>().Utf8Value());
  return list;
}

std::vector<ConfigStep> ToSteps(const Napi::Array& array) {
  std::vector<ConfigStep> steps;
  for (uint32_t i = 0; i < array.Length(); i++) {
    auto object = array.Get(i).As<Napi::Object>();
    ConfigStep step;
    step.method = object.Get("method").As<Napi::String>().Utf8Value();
    auto arguments = object.Get("arguments").As<Napi::Array>();
    for (uint32_t k = 0; k < arguments.Length(); k++) step.arguments.push_back(ToArgument(arguments.Get(k)));
    steps.push_back(std::move(step));
  }
  return steps;
}

const void* DataOf(const Napi::TypedArray& array) {
  return static_cast<const uint8_t*>(array.ArrayBuffer().Data()) + array.ByteOffset();
}

std::vector<FeedTensor> ToFeeds(const Napi::Array& array) {
  std::vector<FeedTensor> feeds;
  for (uint32_t i = 0; i < array.Length(); i++) {
    auto object = array.Get(i).As<Napi::Object>();
    FeedTensor feed;
    feed.name = object.Get("name").As<Napi::String>().Utf8Value();
    feed.type = static_cast<abi::DataType>(object.Get("type").As<Napi::Number>().Int32Value());
    auto shape = object.Get("shape").As<Napi::Array>();
    for (uint32_t k = 0; k < shape.Length(); k++) feed.shape.push_back(shape.Get(k).As<Napi::Number>().Int32Value());
    feed.data = DataOf(object.Get("data").As<Napi::TypedArray>());
    feeds.push_back(std::move(feed));
  }
  return feeds;
}

Napi::Array FromNumbers(Napi::Env env, const std::vector<int>& numbers) {
  auto array = Napi::Array::New(env, numbers.size());
  for (uint32_t i = 0; i < numbers.size(); i++) array.Set(i, Napi::Number::New(env, numbers[i]));
  return array;
}

// Hands malloc'ed memory over to JavaScript; copies only where the host forbids external memory (Electron).
Napi::ArrayBuffer TakeBuffer(Napi::Env env, FetchTensor& tensor) {
  if (tensor.bytes == 0) return Napi::ArrayBuffer::New(env, 0);
  napi_value buffer;
  auto finalize = [](napi_env, void* memory, void*) { std::free(memory); };
  napi_status status =
      napi_create_external_arraybuffer(env, tensor.data.get(), tensor.bytes, finalize, nullptr, &buffer);
  if (status == napi_ok) {
    tensor.data.release();
    return Napi::ArrayBuffer(env, buffer);
  }
  auto copy = Napi::ArrayBuffer::New(env, tensor.bytes);
  std::copy_n(static_cast<const uint8_t*>(tensor.data.get()), tensor.bytes, static_cast<uint8_t*>(copy.Data()));
  return copy;
}

Napi::Value FromFetches(Napi::Env env, std::vector<FetchTensor>& tensors) {
  auto array = Napi::Array::New(env, tensors.size());
  for (uint32_t i = 0; i < tensors.size(); i++) {
    auto object = Napi::Object::New(env);
    object.Set("name", tensors[i].name);
    object.Set("type", static_cast<int>(tensors[i].type));
    object.Set("shape", FromNumbers(env, tensors[i].shape));
    auto lod = Napi::Array::New(env, tensors[i].lod.size());
    for (uint32_t level = 0; level < tensors[i].lod.size(); level++) {
      const auto& offsets = tensors[i].lod[level];
      lod.Set(level, FromNumbers(env, std::vector<int>(offsets.begin(), offsets.end())));
    }
    object.Set("lod", lod);
    object.Set("data", TakeBuffer(env, tensors[i]));
    array.Set(i, object);
  }
  return array;
}

Napi::Value FromPorts(Napi::Env env, const std::vector<PortInfo>& ports) {
  auto array = Napi::Array::New(env, ports.size());
  for (uint32_t i = 0; i < ports.size(); i++) {
    auto object = Napi::Object::New(env);
    object.Set("name", ports[i].name);
    object.Set("type", ports[i].type);
    object.Set("shape", FromNumbers(env, std::vector<int>(ports[i].shape.begin(), ports[i].shape.end())));
    array.Set(i, object);
  }
  return array;
}

Napi::Value FromInfo(Napi::Env env, const PredictorInfo& info) {
  auto object = Napi::Object::New(env);
  object.Set("inputs", FromPorts(env, info.inputs));
  object.Set("outputs", FromPorts(env, info.outputs));
  object.Set("useGpu", info.use_gpu);
  object.Set("onednn", info.onednn);
  object.Set("openvino", info.openvino);
  object.Set("tensorrt", info.tensorrt);
  object.Set("summary", info.summary);
  return object;
}

class PredictorObject : public Napi::ObjectWrap<PredictorObject> {
 public:
  explicit PredictorObject(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<PredictorObject>(info), slot_(GetEnvironment(info.Env()).AddSlot()) {}

  void Finalize(Napi::BasicEnv) override { slot_->Finish(Worker::Queued::kRun); }

  Napi::Value Create(const Napi::CallbackInfo& info) {
    auto steps = std::make_shared<std::vector<ConfigStep>>(ToSteps(info[0].As<Napi::Array>()));
    return Submit(info, "PREDICTOR_CREATE_FAILED", [slot = slot_.get(), steps]() -> Completion::MakeValue {
      slot->predictor = std::make_unique<Predictor>(PaddleLibrary::Get(), *steps);
      auto predictor_info = slot->predictor->info();
      return [predictor_info](Napi::Env env) { return FromInfo(env, predictor_info); };
    });
  }

  Napi::Value Run(const Napi::CallbackInfo& info) {
    auto feeds = std::make_shared<std::vector<FeedTensor>>(ToFeeds(info[0].As<Napi::Array>()));
    return Submit(info, "PREDICTOR_RUN_FAILED", [slot = slot_.get(), feeds]() -> Completion::MakeValue {
      auto outputs = std::make_shared<std::vector<FetchTensor>>(slot->predictor->Run(*feeds));
      return [outputs](Napi::Env env) { return FromFetches(env, *outputs); };
    });
  }

  Napi::Value Dispose(const Napi::CallbackInfo& info) {
    auto promise = Submit(info, "PREDICTOR_RUN_FAILED", [slot = slot_.get()]() -> Completion::MakeValue {
      slot->predictor.reset();
      return [](Napi::Env env) { return env.Undefined(); };
    });
    slot_->Finish(Worker::Queued::kRun);
    return promise;
  }

 private:
  // Queues `work` on the predictor's thread; this object and the arguments stay alive until it is settled.
  Napi::Value Submit(const Napi::CallbackInfo& info, const char* failure_code,
                     std::function<Completion::MakeValue()> work) {
    auto keep_alive = Napi::Array::New(info.Env(), 2);
    keep_alive.Set(0u, info.This());
    keep_alive.Set(1u, info[0]);
    const auto& completion = GetEnvironment(info.Env()).completion();
    Napi::Promise promise;
    const uint64_t ticket = completion->Open(info.Env(), keep_alive, &promise);
    slot_->worker.Post([completion, ticket, failure_code, work = std::move(work)] {
      RunAndSettle(completion, ticket, failure_code, work);
    });
    return promise;
  }

  std::shared_ptr<PredictorSlot> slot_;
};

// Loading takes up to a second: it happens on a thread of its own, and the event loop goes on.
class LoadLibraryWork : public Napi::AsyncWorker {
 public:
  LoadLibraryWork(const Napi::CallbackInfo& info)
      : Napi::AsyncWorker(info.Env()),
        deferred_(Napi::Promise::Deferred::New(info.Env())),
        library_(info[0].As<Napi::String>().Utf8Value()),
        python_symbols_(info[1].As<Napi::String>().Utf8Value()),
        preload_(std::get<std::vector<std::string>>(ToArgument(info[2]))) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

  void Execute() override {
    try {
      library_info_ = &PaddleLibrary::Load(library_, python_symbols_, preload_);
    } catch (const NativeError& error) {
      code_ = error.code();
      SetError(error.what());
    }
  }

  void OnOK() override {
    auto result = Napi::Object::New(Env());
    result.Set("version", library_info_->version());
    const auto methods = AvailableConfigMethods(*library_info_);
    auto names = Napi::Array::New(Env(), methods.size());
    for (uint32_t i = 0; i < methods.size(); i++) names.Set(i, methods[i]);
    result.Set("configMethods", names);
    deferred_.Resolve(result);
  }

  void OnError(const Napi::Error& error) override {
    deferred_.Reject(MakeError(Env(), code_.c_str(), error.Message()).Value());
  }

 private:
  Napi::Promise::Deferred deferred_;
  std::string library_;
  std::string python_symbols_;
  std::vector<std::string> preload_;
  const PaddleLibrary* library_info_ = nullptr;
  std::string code_ = "RUNTIME_INVALID";
};

Napi::Value LoadLibrary(const Napi::CallbackInfo& info) {
  auto* work = new LoadLibraryWork(info);
  work->Queue();
  return work->promise();
}

void Shutdown(const Napi::CallbackInfo& info) { GetEnvironment(info.Env()).Shutdown(); }

}  // namespace

void RegisterPredictor(Napi::Env env, Napi::Object exports) {
  exports.Set("shutdown", Napi::Function::New(env, Shutdown, "shutdown"));
  exports.Set("loadLibrary", Napi::Function::New(env, LoadLibrary, "loadLibrary"));
  using Object = PredictorObject;
  exports.Set("Predictor", Object::DefineClass(env, "Predictor",
                                               {Object::InstanceMethod("create", &Object::Create),
                                                Object::InstanceMethod("run", &Object::Run),
                                                Object::InstanceMethod("dispose", &Object::Dispose)}));
}

}  // namespace paddlelab
