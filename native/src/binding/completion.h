#pragma once

#include <napi.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

namespace paddlelab {

// Delivers results from native threads to the promises of one JavaScript environment.
//
// Native threads only hold a ticket number: promises and the objects that must stay alive are stored here, on the
// JavaScript thread, so that an environment may end at any time.
class Completion : public std::enable_shared_from_this<Completion> {
 public:
  // Makes the value of the promise, on the JavaScript thread; an exception rejects it.
  using MakeValue = std::function<Napi::Value(Napi::Env)>;

  static std::shared_ptr<Completion> Create(Napi::Env env);

  // A promise to be settled by `Settle`; `keep_alive` is held until then. JavaScript thread only.
  uint64_t Open(Napi::Env env, Napi::Value keep_alive, Napi::Promise* promise);
  // From any thread; does nothing while the environment is ending.
  void Settle(uint64_t ticket, MakeValue make_value);
  // Whether the event loop ran recently: then a short run may execute inline and its promise be settled at once.
  bool LoopRanRecently() const { return Clock::now() - loop_ran_ < kMaxLoopDelay; }
  // Settles a promise with the return value or the exception of `make_value`. JavaScript thread only.
  static void Answer(Napi::Env env, const Napi::Promise::Deferred& deferred, const MakeValue& make_value);
  // Releases all JavaScript objects; called when the environment ends.
  void Close() { pending_.clear(); }

 private:
  using Clock = std::chrono::steady_clock;
  // A loop of awaited inline runs never leaves JavaScript's microtasks: after this time one promise is settled through
  // the event loop.
  static constexpr std::chrono::milliseconds kMaxLoopDelay{4};

  struct Pending {
    Napi::Promise::Deferred deferred;
    Napi::ObjectReference keep_alive;
  };

  void Deliver(Napi::Env env, uint64_t ticket, const MakeValue& make_value);

  Napi::ThreadSafeFunction channel_;
  std::unordered_map<uint64_t, Pending> pending_;
  uint64_t next_ticket_ = 1;
  Clock::time_point loop_ran_ = Clock::now();
};

// An Error with `code`, as expected by TypeScript.
Napi::Error MakeError(Napi::Env env, const char* code, const std::string& message);

// The return value of `work`, or an error made from its exception.
Completion::MakeValue Attempt(const char* failure_code, const std::function<Completion::MakeValue()>& work);

// Runs `work` and settles the ticket with its return value or exception.
void RunAndSettle(const std::shared_ptr<Completion>& completion, uint64_t ticket, const char* failure_code,
                  const std::function<Completion::MakeValue()>& work);

}  // namespace paddlelab
