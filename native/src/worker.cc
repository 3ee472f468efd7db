#include "worker.h"

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

void Worker::Loop() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return !busy_ && (closing_ || !jobs_.empty()); });
    if (jobs_.empty()) break;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    busy_ = true;
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
    busy_ = false;
  }
  // Kept apart from the queue, so that dropping what is queued never drops the end itself.
  lock.unlock();
  if (last_) last_();
  last_ = nullptr;
  lock.lock();
  finished_ = true;
}

}  // namespace paddlelab
