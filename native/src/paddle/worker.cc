#include "paddle/worker.h"

namespace paddlelab {

Worker::Worker() : thread_(&Worker::Loop, this) {}

Worker::~Worker() {
  Finish(Queued::kDrop, nullptr);
  Join();
}

void Worker::Join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::Post(Job job) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (closing_) return;
  jobs_.push_back(std::move(job));
  job_posted_.store(true, std::memory_order_release);
  wake_.notify_one();
}

bool Worker::TryEnter() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (busy_ || closing_ || !jobs_.empty()) return false;
  busy_ = true;
  return true;
}

void Worker::Leave() {
  std::lock_guard<std::mutex> lock(mutex_);
  busy_ = false;
  if (closing_ || !jobs_.empty()) wake_.notify_one();
}

void Worker::Finish(Queued queued, Job last) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (queued == Queued::kDrop) jobs_.clear();
  if (closing_) return;
  closing_ = true;
  last_ = std::move(last);
  wake_.notify_one();
}

bool Worker::finished() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return finished_;
}

// A loop of awaited runs requests the next run within a short time. A thread that sleeps meanwhile is often woken on a
// processor where a thread of the engine still spin-waits, and short runs then take longer.
void Worker::SpinWait(Clock::time_point idle_since) {
  while (!job_posted_.load(std::memory_order_acquire) && Clock::now() - idle_since < kSpinTime)
    std::this_thread::yield();
}

void Worker::Loop() {
  std::unique_lock<std::mutex> lock(mutex_);
  auto idle_since = Clock::now();
  while (true) {
    wake_.wait(lock, [this] { return !busy_ && (closing_ || !jobs_.empty()); });
    if (jobs_.empty()) break;
    const bool in_a_row = Clock::now() - idle_since < 2 * kSpinTime;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    busy_ = true;
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
    busy_ = false;
    idle_since = Clock::now();
    if (!in_a_row || !jobs_.empty() || closing_) continue;
    job_posted_.store(false, std::memory_order_relaxed);
    lock.unlock();
    SpinWait(idle_since);
    lock.lock();
  }
  // Separate from the queue, so that dropping queued jobs never drops the last job itself.
  lock.unlock();
  if (last_) last_();
  last_ = nullptr;
  lock.lock();
  finished_ = true;
}

}  // namespace paddlelab
