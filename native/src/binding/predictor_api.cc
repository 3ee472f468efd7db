#include "binding/predictor_api.h"

#include "binding/environment.h"
#include "binding/js_values.h"

namespace paddlelab {
namespace {

constexpr char kCreateFailed[] = "PREDICTOR_CREATE_FAILED";
constexpr char kRunFailed[] = "PREDICTOR_RUN_FAILED";

Napi::Value Nothing(Napi::Env env) { return env.Undefined(); }

Completion::MakeValue Info(const PredictorSlot* slot) {
  return [info = slot->predictor->info()](Napi::Env env) { return FromInfo(env, info); };
}

Completion::MakeValue Tensors(std::vector<FetchTensor> tensors) {
  auto shared = std::make_shared<std::vector<FetchTensor>>(std::move(tensors));
  return [shared](Napi::Env env) {
    auto array = Napi::Array::New(env, shared->size());
    for (uint32_t i = 0; i < shared->size(); i++) array.Set(i, FromFetch(env, (*shared)[i]));
    return array;
  };
}

// A byte of JavaScript's memory that becomes 1 when a queued run is cancelled.
class Cancel {
 public:
  explicit Cancel(const Napi::Value& flag)
      : flag_(flag.IsTypedArray() ? static_cast<uint8_t*>(DataOf(flag)) : nullptr) {}
  void Check() const {
    if (flag_ != nullptr && __atomic_load_n(flag_, __ATOMIC_RELAXED) != 0) {
      throw NativeError("ABORTED", "Given up while it waited");
    }
  }

 private:
  const uint8_t* flag_;
};

class PredictorObject : public Napi::ObjectWrap<PredictorObject> {
 public:
  explicit PredictorObject(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<PredictorObject>(info), slot_(GetEnvironment(info.Env()).AddSlot()) {}

  void Finalize(Napi::BasicEnv) override { slot_->Finish(Worker::Queued::kRun); }

  Napi::Value Create(const Napi::CallbackInfo& info) {
    return Submit(info, kCreateFailed, [slot = slot_.get(), steps = ToSteps(info[0])] {
      slot->predictor = std::make_unique<Predictor>(PaddleLibrary::Get(), steps);
      return Info(slot);
    });
  }

  // The clone is made between two runs of its parent, on the parent's thread, and then passed to its own thread.
  Napi::Value CloneFrom(const Napi::CallbackInfo& info) {
    auto parent = Unwrap(info[0].As<Napi::Object>())->slot_;
    slot_->BecomeCloneOf(parent);
    Napi::Promise promise;
    const auto& completion = GetEnvironment(info.Env()).completion();
    const uint64_t ticket = completion->Open(info.Env(), KeepAlive(info), &promise);
    parent->worker.Post([completion, ticket, slot = slot_, parent = parent.get()] {
      auto clone = std::make_shared<std::unique_ptr<Predictor>>();
      auto settle = [&](auto work) { RunAndSettle(completion, ticket, kCreateFailed, work); };
      try {
        *clone = parent->predictor->Clone();
      } catch (...) {
        settle([]() -> Completion::MakeValue { throw; });
        return;
      }
      slot->worker.Post([completion, ticket, slot = slot.get(), clone] {
        slot->predictor = std::move(*clone);
        RunAndSettle(completion, ticket, kCreateFailed, [slot] { return Info(slot); });
      });
    });
    return promise;
  }

  Napi::Value Run(const Napi::CallbackInfo& info) {
    auto feeds = ToFeeds(info[0]);
    if (GetEnvironment(info.Env()).completion()->LoopRanRecently() && slot_->TryEnterForInlineRun(feeds)) {
      return RunInline(info.Env(), feeds);
    }
    return Submit(info, kRunFailed, [slot = slot_.get(), feeds = std::move(feeds), cancel = Cancel(info[1])] {
      cancel.Check();
      return Tensors(slot->Run(feeds));
    });
  }

  Napi::Value Time(const Napi::CallbackInfo& info) {
    std::vector<std::vector<FeedTensor>> feeds;
    auto all = info[0].As<Napi::Array>();
    for (uint32_t i = 0; i < all.Length(); i++) feeds.push_back(ToFeeds(all.Get(i)));
    auto number = [&](size_t i) { return info[i].As<Napi::Number>(); };
    return Submit(
        info, kRunFailed,
        [slot = slot_.get(), feeds = std::move(feeds), warmup = number(1).Int64Value(), runs = number(2).Int64Value(),
         max_ms = number(3).DoubleValue(), cancel = Cancel(info[4])]() -> Completion::MakeValue {
          return [took = slot->Time(feeds, warmup, runs, max_ms, [&] { cancel.Check(); })](Napi::Env env) {
            auto list = Napi::Array::New(env, took.size());
            for (uint32_t i = 0; i < took.size(); i++) list.Set(i, took[i]);
            return list;
          };
        });
  }

  Napi::Value Execute(const Napi::CallbackInfo& info) {
    return SubmitQuiet(info, [cancel = Cancel(info[0])](Predictor& predictor) {
      cancel.Check();
      predictor.Execute();
    });
  }

  Napi::Value Feed(const Napi::CallbackInfo& info) {
    return SubmitQuiet(info, [feed = ToFeed(info[0])](Predictor& predictor) { predictor.Feed(feed); });
  }

  Napi::Value Share(const Napi::CallbackInfo& info) {
    return SubmitQuiet(info, [feed = ToFeed(info[0])](Predictor& predictor) { predictor.Share(feed); });
  }

  Napi::Value SetInputLod(const Napi::CallbackInfo& info) {
    return SubmitQuiet(info, [name = info[0].As<Napi::String>().Utf8Value(),
                              lod = ToLod(info[1])](Predictor& predictor) { predictor.SetInputLod(name, lod); });
  }

  Napi::Value Fetch(const Napi::CallbackInfo& info) {
    return Submit(info, kRunFailed, [slot = slot_.get(), name = info[0].As<Napi::String>().Utf8Value()] {
      std::vector<FetchTensor> one;
      one.push_back(slot->predictor->Output(name));
      return Tensors(std::move(one));
    });
  }

  Napi::Value Describe(const Napi::CallbackInfo& info) {
    return Submit(info, kRunFailed,
                  [slot = slot_.get(), name = info[0].As<Napi::String>().Utf8Value()]() -> Completion::MakeValue {
                    return [tensor = slot->predictor->DescribeOutput(name)](Napi::Env env) {
                      return FromTensorInfo(env, tensor);
                    };
                  });
  }

  Napi::Value Watch(const Napi::CallbackInfo& info) {
    return SubmitQuiet(
        info, [of_inputs = info[0].As<Napi::Boolean>().Value()](Predictor& predictor) { predictor.Watch(of_inputs); });
  }

  Napi::Value TakeEvents(const Napi::CallbackInfo& info) {
    return Submit(info, kRunFailed, [slot = slot_.get()]() -> Completion::MakeValue {
      return [events = slot->predictor->TakeEvents()](Napi::Env env) { return FromEvents(env, events); };
    });
  }

  Napi::Value ClearIntermediateTensor(const Napi::CallbackInfo& info) {
    return SubmitQuiet(info, [](Predictor& predictor) { predictor.ClearIntermediateTensor(); });
  }

  Napi::Value TryShrinkMemory(const Napi::CallbackInfo& info) {
    return Submit(info, kRunFailed, [slot = slot_.get()]() -> Completion::MakeValue {
      return [bytes = slot->predictor->TryShrinkMemory()](Napi::Env env) {
        return Napi::Number::New(env, static_cast<double>(bytes));
      };
    });
  }

  // Returns at once if clones still use the weights; the weights are then freed with the last clone.
  Napi::Value Dispose(const Napi::CallbackInfo& info) {
    auto promise = Submit(info, kRunFailed, [slot = slot_.get()]() -> Completion::MakeValue {
      if (slot->clones.none()) slot->predictor.reset();
      return Nothing;
    });
    slot_->Finish(Worker::Queued::kRun);
    return promise;
  }

 private:
  Napi::Value KeepAlive(const Napi::CallbackInfo& info) {
    auto keep_alive = Napi::Array::New(info.Env(), info.Length() + 1);
    keep_alive.Set(0u, info.This());
    for (uint32_t i = 0; i < info.Length(); i++) keep_alive.Set(i + 1, info[i]);
    return keep_alive;
  }

  // Queues `work` on the predictor's thread; this object and the arguments stay alive until it is settled.
  Napi::Value Submit(const Napi::CallbackInfo& info, const char* failure_code,
                     std::function<Completion::MakeValue()> work) {
    const auto& completion = GetEnvironment(info.Env()).completion();
    Napi::Promise promise;
    const uint64_t ticket = completion->Open(info.Env(), KeepAlive(info), &promise);
    slot_->worker.Post([completion, ticket, failure_code, work = std::move(work)] {
      RunAndSettle(completion, ticket, failure_code, work);
    });
    return promise;
  }

  // A run on this thread, which is faster than waking another one; the predictor must have been entered.
  Napi::Value RunInline(Napi::Env env, const std::vector<FeedTensor>& feeds) {
    auto deferred = Napi::Promise::Deferred::New(env);
    auto answer = Attempt(kRunFailed, [&] { return Tensors(slot_->Run(feeds)); });
    slot_->worker.Leave();
    Completion::Answer(env, deferred, answer);
    return deferred.Promise();
  }

  // For functions without a return value.
  Napi::Value SubmitQuiet(const Napi::CallbackInfo& info, std::function<void(Predictor&)> work) {
    return Submit(info, kRunFailed, [slot = slot_.get(), work = std::move(work)]() -> Completion::MakeValue {
      work(*slot->predictor);
      return Nothing;
    });
  }

  std::shared_ptr<PredictorSlot> slot_;
};

// (arrays: TypedArray[]) → undefined; their memory is freed at once instead of by the garbage collector.
Napi::Value FreeArraysApi(const Napi::CallbackInfo& info) {
  auto arrays = info[0].As<Napi::Array>();
  for (uint32_t i = 0; i < arrays.Length(); i++) arrays.Get(i).As<Napi::TypedArray>().ArrayBuffer().Detach();
  return info.Env().Undefined();
}

}  // namespace

void RegisterPredictor(Napi::Env env, Napi::Object exports) {
  using Object = PredictorObject;
  exports.Set(
      "Predictor",
      Object::DefineClass(
          env, "Predictor",
          {Object::InstanceMethod("create", &Object::Create), Object::InstanceMethod("cloneFrom", &Object::CloneFrom),
           Object::InstanceMethod("run", &Object::Run), Object::InstanceMethod("execute", &Object::Execute),
           Object::InstanceMethod("time", &Object::Time), Object::InstanceMethod("feed", &Object::Feed),
           Object::InstanceMethod("share", &Object::Share), Object::InstanceMethod("setInputLod", &Object::SetInputLod),
           Object::InstanceMethod("fetch", &Object::Fetch), Object::InstanceMethod("describe", &Object::Describe),
           Object::InstanceMethod("watch", &Object::Watch), Object::InstanceMethod("takeEvents", &Object::TakeEvents),
           Object::InstanceMethod("clearIntermediateTensor", &Object::ClearIntermediateTensor),
           Object::InstanceMethod("tryShrinkMemory", &Object::TryShrinkMemory),
           Object::InstanceMethod("dispose", &Object::Dispose)}));
  exports.Set("freeArrays", Napi::Function::New(env, FreeArraysApi, "freeArrays"));
}

}  // namespace paddlelab
