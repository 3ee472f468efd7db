#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace paddlelab {

// Work divided into bands, which threads take one after another. A thread that wakes up late finds no work, and the
// others do not wait for it.
class SharedBands {
 public:
  SharedBands(int count, std::function<void(int)> work) : count_(count), work_(std::move(work)) {}

  // Processes bands until none is left.
  void Work();
  // Waits until the bands of other threads are done, too; throws what one of them threw, as std::runtime_error.
  void Wait();

 private:
  const int count_;
  const std::function<void(int)> work_;
  std::mutex mutex_;
  std::condition_variable finished_;
  int next_ = 0;
  int done_ = 0;
  bool failed_ = false;
  std::string failure_;
};

// Threads that are ready to help with bands. They are started before the work is available, because waking up a
// processor takes about as long as half an image.
class BandHelpers {
 public:
  static std::shared_ptr<BandHelpers> Start(int threads);

  // Runs the work together with the helpers.
  void Run(int count, std::function<void(int)> work);
  // Ends the helpers.
  void Close();

 private:
  void Serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<SharedBands> bands_;
  bool closed_ = false;
};

}  // namespace paddlelab
