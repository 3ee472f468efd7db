#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "predictor.h"
#include "worker.h"

namespace paddlelab {

// How many clones of a predictor are alive; the predictor whose weights they use waits for them with its own end.
class Clones {
 public:
  void Enter() {
    std::lock_guard<std::mutex> lock(mutex_);
    count_++;
  }
  void Leave() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  bool none() {
    std::lock_guard<std::mutex> lock(mutex_);
    return count_ == 0;
  }
  void WaitForNone() {
    std::unique_lock<std::mutex> lock(mutex_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  int count_ = 0;
};

// A predictor and the thread that it lives on. The worker is declared last: it ends before the predictor's memory goes.
struct PredictorSlot {
  // Of a clone: where its weights live.
  std::shared_ptr<PredictorSlot> parent;
  Clones clones;
  std::unique_ptr<Predictor> predictor;
  Worker worker;

  void BecomeCloneOf(std::shared_ptr<PredictorSlot> other) {
    parent = std::move(other);
    parent->clones.Enter();
  }

  // Queued runs of an environment that ends are dropped; the predictor is destroyed on its own thread all the same,
  // after its clones.
  void Finish(Worker::Queued queued) {
    worker.Finish(queued, [this] {
      clones.WaitForNone();
      predictor.reset();
      if (parent != nullptr) parent->clones.Leave();
    });
  }
};

}  // namespace paddlelab
