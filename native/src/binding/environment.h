#pragma once

#include <memory>
#include <vector>

#include "binding/completion.h"
#include "paddle/predictor_slot.h"

namespace paddlelab {

// The addon's state for each JavaScript environment (main thread or worker_thread).
class Environment {
 public:
  explicit Environment(Napi::Env env) : completion_(Completion::Create(env)) {}

  const std::shared_ptr<Completion>& completion() const { return completion_; }
  std::shared_ptr<PredictorSlot> AddSlot() {
    Reap();
    slots_.push_back(std::make_shared<PredictorSlot>());
    return slots_.back();
  }
  // Ends every predictor and waits for their threads, so that none runs while the process tears down Paddle's state.
  void Shutdown() {
    completion_->Close();
    for (const auto& slot : slots_) slot->Finish(Worker::Queued::kDrop);
    for (const auto& slot : slots_) slot->worker.Join();
    slots_.clear();
  }

 private:
  void Reap() {
    for (auto slot = slots_.begin(); slot != slots_.end();) {
      slot = (*slot)->worker.finished() ? slots_.erase(slot) : slot + 1;
    }
  }

  std::shared_ptr<Completion> completion_;
  std::vector<std::shared_ptr<PredictorSlot>> slots_;
};

inline Environment& GetEnvironment(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

}  // namespace paddlelab
