#pragma once

#include <napi.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

namespace paddlelab {

// Brings results from native threads back to the promises of one JavaScript environment.
//
// Native threads hold nothing of JavaScript but a ticket number: promises and the objects that must stay alive wait
// here, on their own thread, so that an environment may end at any time.
class Completion : public std::enable_shared_from_this<Completion> {
 public:
  // Makes the value that the promise resolves to, on the JavaScript thread; throwing rejects it.
  using MakeValue = std::function<Napi::Value(Napi::Env)>;

  static std::shared_ptr<Completion> Create(Napi::Env env);

  // A promise to be settled by `Settle`; `keep_alive` is held until then. JavaScript thread only.
  uint64_t Open(Napi::Env env, Napi::Value keep_alive, Napi::Promise* promise);
  // From any thread; does nothing once the environment is going away.
  void Settle(uint64_t ticket, MakeValue make_value);
  // Lets go of everything of JavaScript; called when the environment ends.
  void Close() { pending_.clear(); }

 private:
  struct Pending {
    Napi::Promise::Deferred deferred;
    Napi::ObjectReference keep_alive;
  };

  void Deliver(Napi::Env env, uint64_t ticket, const MakeValue& make_value);

  Napi::ThreadSafeFunction channel_;
  std::unordered_map<uint64_t, Pending> pending_;
  uint64_t next_ticket_ = 1;
};

// An Error with `code`, as TypeScript expects it.
Napi::Error MakeError(Napi::Env env, const char* code, const std::string& message);

// Runs `work` and settles the ticket with what it returns or throws; `work` returns a MakeValue.
void RunAndSettle(const std::shared_ptr<Completion>& completion, uint64_t ticket, const char* failure_code,
                  const std::function<Completion::MakeValue()>& work);

}  // namespace paddlelab
