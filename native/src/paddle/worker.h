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
// for each), so that everything about one predictor happens on the worker that it belongs to, except inline runs.
class Worker {
 public:
  using Job = std::function<void()>;

  Worker();
  // Waits for the job that is running; jobs still queued are dropped.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void Post(Job job);
  // True if nothing runs or waits: the caller then has the worker's things to itself, on its own thread, until `Leave`.
  bool TryEnter();
  void Leave();
  enum class Queued { kRun, kDrop };
  // Takes no more jobs, deals with the queued ones, runs `last`, then ends. Returns at once.
  void Finish(Queued queued, Job last);
  bool finished() const;
  // Waits for the thread to end, after `Finish`.
  void Join();

 private:
  using Clock = std::chrono::steady_clock;
  // Somewhat more than JavaScript takes from a run's answer to asking for the next.
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
