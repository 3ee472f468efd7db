#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "paddle/inline_run_policy.h"
#include "paddle/predictor.h"
#include "paddle/worker.h"

namespace paddlelab {

// Counts the living clones of a predictor; the predictor that owns the weights waits for them before it is destroyed.
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

// A predictor and its thread. The worker is declared last: it ends before the predictor's memory is freed.
struct PredictorSlot {
  // For a clone: the owner of its weights.
  std::shared_ptr<PredictorSlot> parent;
  Clones clones;
  std::unique_ptr<Predictor> predictor;
  InlineRunPolicy inline_runs;
  Worker worker;

  std::vector<FetchTensor> Run(const std::vector<FeedTensor>& feeds) {
    const auto start = InlineRunPolicy::Clock::now();
    auto outputs = predictor->Run(feeds);
    inline_runs.Record(feeds, InlineRunPolicy::Clock::now() - start);
    return outputs;
  }

  // Milliseconds of consecutive runs, after some warm-up runs; the feeds are used in turn. No new run starts after
  // `max_ms`, except that at least one is counted.
  template <typename Check>
  std::vector<double> Time(const std::vector<std::vector<FeedTensor>>& feeds, int64_t warmup, int64_t runs,
                           double max_ms, Check check) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    std::vector<double> took;
    double sum = 0;
    for (int64_t i = -warmup; i < runs && (took.empty() || sum < max_ms); i++) {
      check();
      const auto start = InlineRunPolicy::Clock::now();
      predictor->Run(feeds[(i + warmup) % feeds.size()]);
      const double milliseconds = Milliseconds(InlineRunPolicy::Clock::now() - start).count();
      if (i < 0) continue;
      took.push_back(milliseconds);
      sum += milliseconds;
    }
    return took;
  }

  // Gives the caller access to the worker's predictor until `worker.Leave()`, if the run may execute inline. Not for
  // engines with per-thread state.
  bool TryEnterForInlineRun(const std::vector<FeedTensor>& feeds) {
    if (!worker.TryEnter()) return false;
    if (predictor != nullptr && predictor->info().PlainCpu() && inline_runs.Allows(feeds)) return true;
    worker.Leave();
    return false;
  }

  void BecomeCloneOf(std::shared_ptr<PredictorSlot> other) {
    parent = std::move(other);
    parent->clones.Enter();
  }

  // Queued runs of an ending environment are dropped; the predictor is still destroyed on its own thread, after its
  // clones.
  void Finish(Worker::Queued queued) {
    worker.Finish(queued, [this] {
      clones.WaitForNone();
      predictor.reset();
      if (parent != nullptr) parent->clones.Leave();
    });
  }
};

}  // namespace paddlelab
