#include "shared_bands.h"

#include <memory>
#include <thread>

namespace paddlelab {

void SharedBands::Run(int count, int helpers, std::function<void(int)> work) {
  // Shared, because a helper may start after everything is done; it touches nothing else then.
  auto bands = std::make_shared<SharedBands>(count, std::move(work));
  for (int i = 0; i < helpers; i++) std::thread([bands] { bands->Work(); }).detach();
  bands->Work();
  bands->Wait();
}

void SharedBands::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (next_ < count_) {
    const int band = next_++;
    lock.unlock();
    std::exception_ptr failure;
    try {
      work_(band);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure != nullptr) failure_ = failure;
    if (++done_ == count_) finished_.notify_all();
  }
}

void SharedBands::Wait() {
  std::unique_lock<std::mutex> lock(mutex_);
  finished_.wait(lock, [this] { return done_ == count_; });
  if (failure_ != nullptr) std::rethrow_exception(failure_);
}

}  // namespace paddlelab
