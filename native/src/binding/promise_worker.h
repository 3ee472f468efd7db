#pragma once

#include <napi.h>

#include <functional>
#include <utility>

namespace paddlelab {

// Runs `work` on libuv's pool (never anything of Paddle), then makes the promise's value on the JavaScript thread. The
// inputs are kept alive until then.
class PromiseWorker : public Napi::AsyncWorker {
 public:
  using Work = std::function<void()>;
  using MakeValue = std::function<Napi::Value(Napi::Env)>;

  static Napi::Promise Start(Napi::Env env, Napi::Object keep_alive, Work work, MakeValue make_value) {
    auto* worker = new PromiseWorker(env, keep_alive, std::move(work), std::move(make_value));
    worker->Queue();
    return worker->deferred_.Promise();
  }

 private:
  PromiseWorker(Napi::Env env, Napi::Object keep_alive, Work work, MakeValue make_value)
      : Napi::AsyncWorker(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        keep_alive_(Napi::Persistent(keep_alive)),
        work_(std::move(work)),
        make_value_(std::move(make_value)) {}

  void Execute() override { work_(); }
  void OnOK() override { deferred_.Resolve(make_value_(Env())); }
  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

  Napi::Promise::Deferred deferred_;
  Napi::ObjectReference keep_alive_;
  Work work_;
  MakeValue make_value_;
};

}  // namespace paddlelab
