#pragma once

namespace paddlelab {

// OpenVINO pins the threads of a predictor to processors, counted from the first: with one predictor this keeps their
// caches warm, but the threads of two predictors share a processor while others are idle. While more than one of these
// objects is alive, threads are not pinned and the system schedules them.
class ThreadAffinityGuard {
 public:
  ThreadAffinityGuard();
  ~ThreadAffinityGuard();
  ThreadAffinityGuard(const ThreadAffinityGuard&) = delete;
  ThreadAffinityGuard& operator=(const ThreadAffinityGuard&) = delete;
};

}  // namespace paddlelab
