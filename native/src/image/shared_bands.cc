#include "image/shared_bands.h"

#include <stdexcept>
#include <thread>

namespace paddlelab {

void SharedBands::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (next_ < count_) {
    const int band = next_++;
    lock.unlock();
    // Not a std::exception_ptr, whose functions are missing in old libraries.
    bool failed = false;
    std::string failure;
    try {
      work_(band);
    } catch (const std::exception& error) {
      failed = true;
      failure = error.what();
    }
    lock.lock();
    if (failed && !failed_) {
      failed_ = true;
      failure_ = std::move(failure);
    }
    if (++done_ == count_) finished_.notify_all();
  }
}

void SharedBands::Wait() {
  std::unique_lock<std::mutex> lock(mutex_);
  finished_.wait(lock, [this] { return done_ == count_; });
  if (failed_) throw std::runtime_error(failure_);
}

std::shared_ptr<BandHelpers> BandHelpers::Start(int threads) {
  // Shared, because a helper may wake up after all work is done; it accesses nothing else then.
  auto helpers = std::make_shared<BandHelpers>();
  for (int i = 0; i < threads; i++) std::thread([helpers] { helpers->Serve(); }).detach();
  return helpers;
}

void BandHelpers::Run(int count, std::function<void(int)> work) {
  auto bands = std::make_shared<SharedBands>(count, std::move(work));
  {
    std::lock_guard<std::mutex> lock(mutex_);
    bands_ = bands;
  }
  changed_.notify_all();
  bands->Work();
  bands->Wait();
  std::lock_guard<std::mutex> lock(mutex_);
  bands_ = nullptr;
}

void BandHelpers::Close() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

void BandHelpers::Serve() {
  std::shared_ptr<SharedBands> last;
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return closed_ || (bands_ != nullptr && bands_ != last); });
    if (closed_) return;
    last = bands_;
    lock.unlock();
    last->Work();
    lock.lock();
  }
}

}  // namespace paddlelab
