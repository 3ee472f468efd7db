#pragma once

#include <memory>
#include <vector>

#include "completion.h"
#include "predictor.h"
#include "worker.h"

namespace paddlelab {

// A predictor and the thread that it lives on. The worker is declared last: it ends before the predictor's memory goes.
struct PredictorSlot {
  std::unique_ptr<Predictor> predictor;
  Worker worker;

  // Queued runs of an environment that ends are dropped; the predictor is destroyed on its own thread all the same.
  void Finish(Worker::Queued queued) {
    worker.Finish(queued, [this] { predictor.reset(); });
  }
};

// What the addon keeps for each JavaScript environment (main thread or worker_thread).
class Environment {
 public:
  explicit Environment(Napi::Env env) : completion_(Completion::Create(env)) {}

  const std::shared_ptr<Completion>& completion() const { return completion_; }
  std::shared_ptr<PredictorSlot> AddSlot() {
    Reap();
    slots_.push_back(std::make_shared<PredictorSlot>());
    return slots_.back();
  }
  // Ends every predictor and waits for their threads, so that none runs while the process tears Paddle down.
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
