#include "binding/completion.h"

#include <exception>

#include "paddle/library.h"

namespace paddlelab {

std::shared_ptr<Completion> Completion::Create(Napi::Env env) {
  auto completion = std::make_shared<Completion>();
  auto nothing = Napi::Function::New(env, [](const Napi::CallbackInfo&) {});
  completion->channel_ = Napi::ThreadSafeFunction::New(env, nothing, "paddlelab", 0, 1);
  // Only a pending promise may keep the process alive.
  completion->channel_.Unref(env);
  return completion;
}

uint64_t Completion::Open(Napi::Env env, Napi::Value keep_alive, Napi::Promise* promise) {
  const uint64_t ticket = next_ticket_++;
  auto deferred = Napi::Promise::Deferred::New(env);
  *promise = deferred.Promise();
  Napi::ObjectReference reference;
  if (keep_alive.IsObject()) reference = Napi::Persistent(keep_alive.As<Napi::Object>());
  if (pending_.empty()) channel_.Ref(env);
  pending_.emplace(ticket, Pending{deferred, std::move(reference)});
  return ticket;
}

void Completion::Settle(uint64_t ticket, MakeValue make_value) {
  auto self = shared_from_this();
  channel_.NonBlockingCall([self, ticket, make_value = std::move(make_value)](Napi::Env env, Napi::Function) {
    if (env != nullptr) self->Deliver(env, ticket, make_value);
  });
}

void Completion::Deliver(Napi::Env env, uint64_t ticket, const MakeValue& make_value) {
  loop_ran_ = Clock::now();
  auto found = pending_.find(ticket);
  if (found == pending_.end()) return;
  Pending pending = std::move(found->second);
  pending_.erase(found);
  if (pending_.empty()) channel_.Unref(env);
  Answer(env, pending.deferred, make_value);
}

void Completion::Answer(Napi::Env env, const Napi::Promise::Deferred& deferred, const MakeValue& make_value) {
  try {
    deferred.Resolve(make_value(env));
  } catch (const Napi::Error& error) {
    deferred.Reject(error.Value());
  }
}

Napi::Error MakeError(Napi::Env env, const char* code, const std::string& message) {
  auto error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  return error;
}

Completion::MakeValue Attempt(const char* failure_code, const std::function<Completion::MakeValue()>& work) {
  std::string code = failure_code;
  std::string message;
  try {
    return work();
  } catch (const NativeError& error) {
    code = error.code();
    message = error.what();
  } catch (const std::exception& error) {
    message = error.what();
  } catch (...) {
    message = "Unknown native exception";
  }
  return [code, message](Napi::Env env) -> Napi::Value { throw MakeError(env, code.c_str(), message); };
}

void RunAndSettle(const std::shared_ptr<Completion>& completion, uint64_t ticket, const char* failure_code,
                  const std::function<Completion::MakeValue()>& work) {
  completion->Settle(ticket, Attempt(failure_code, work));
}

}  // namespace paddlelab
