#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>

namespace paddlelab {

// Work in bands that threads take one after another. Whoever wakes up late finds nothing to do and is not waited for.
class SharedBands {
 public:
  SharedBands(int count, std::function<void(int)> work) : count_(count), work_(std::move(work)) {}

  // Does all bands, with the help of up to `helpers` other threads; throws what a band threw.
  static void Run(int count, int helpers, std::function<void(int)> work);

 private:
  void Work();
  void Wait();

  const int count_;
  const std::function<void(int)> work_;
  std::mutex mutex_;
  std::condition_variable finished_;
  int next_ = 0;
  int done_ = 0;
  std::exception_ptr failure_;
};

}  // namespace paddlelab
