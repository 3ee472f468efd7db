#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "predictor.h"
#include "quick_runs.h"
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
  QuickRuns quick;
  // What the last run took on its thread; negative before there was one. Read on JavaScript's thread.
  std::atomic<double> last_run_ms{-1};
  Worker worker;

  std::vector<FetchTensor> Run(const std::vector<FeedTensor>& feeds) {
    const auto start = QuickRuns::Clock::now();
    auto outputs = predictor->Run(feeds);
    const auto took = QuickRuns::Clock::now() - start;
    quick.Note(feeds, took);
    last_run_ms = std::chrono::duration<double, std::milli>(took).count();
    return outputs;
  }

  // Makes the worker's predictor the caller's until `worker.Leave()`, if what it has to do is quick. The engines that
  // keep state for each calling thread are left alone.
  bool TryEnterForQuick(const std::vector<FeedTensor>& feeds) {
    if (!worker.TryEnter()) return false;
    if (predictor != nullptr && predictor->info().PlainCpu() && quick.Expect(feeds)) return true;
    worker.Leave();
    return false;
  }

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
