#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>

namespace paddlelab {

// Work in bands that threads take one after another. Whoever wakes up late finds nothing to do and is not waited for.
class SharedBands {
 public:
  SharedBands(int count, std::function<void(int)> work) : count_(count), work_(std::move(work)) {}

  // Does bands until none is left.
  void Work();
  // Until the bands that others took are done, too; throws what a band threw.
  void Wait();

 private:
  const int count_;
  const std::function<void(int)> work_;
  std::mutex mutex_;
  std::condition_variable finished_;
  int next_ = 0;
  int done_ = 0;
  std::exception_ptr failure_;
};

// Threads that stand ready to help with bands. They are started when work is only announced, because a processor takes
// about as long to wake up as half an image does.
class BandHelpers {
 public:
  static std::shared_ptr<BandHelpers> Start(int threads);

  // Does the work together with the helpers.
  void Run(int count, std::function<void(int)> work);
  // Sends the helpers home.
  void Close();

 private:
  void Serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<SharedBands> bands_;
  bool closed_ = false;
};

}  // namespace paddlelab
