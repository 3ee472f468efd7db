#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace paddlelab {

// A native thread that runs jobs one after another. Paddle keeps state per calling thread (libiomp has a thread pool
// for each), so everything for one predictor runs on its worker, except inline runs.
class Worker {
 public:
  using Job = std::function<void()>;

  Worker();
  // Waits for the running job; queued jobs are dropped.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void Post(Job job);
  // True if nothing runs or is queued: the caller then has exclusive access to the worker's data, on its own thread,
  // until `Leave`.
  bool TryEnter();
  void Leave();
  enum class Queued { kRun, kDrop };
  // Accepts no more jobs, handles the queued ones, runs `last`, then ends. Returns at once.
  void Finish(Queued queued, Job last);
  bool finished() const;
  // Waits for the thread to end, after `Finish`.
  void Join();

 private:
  using Clock = std::chrono::steady_clock;
  // Slightly longer than JavaScript needs from the result of a run to the request of the next.
  static constexpr std::chrono::microseconds kSpinTime{150};

  void Loop();
  void SpinWait(Clock::time_point idle_since);

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  Job last_;
  // Set with each job; read by the spinning worker without the lock.
  std::atomic<bool> job_posted_{false};
  bool busy_ = false;
  bool closing_ = false;
  bool finished_ = false;
  std::thread thread_;
};

}  // namespace paddlelab
