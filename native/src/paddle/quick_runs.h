#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

#include "paddle/tensor.h"

namespace paddlelab {

// Knows the runs that take less time than handing them to another thread and back does (some 100 microseconds), by
// those before: only such runs may happen on the JavaScript thread.
class QuickRuns {
 public:
  using Clock = std::chrono::steady_clock;

  // Whether runs on inputs of the same shapes have been quick of late.
  bool Expect(const std::vector<FeedTensor>& feeds) const { return trust_ >= kProof && ShapesOf(feeds) == shapes_; }

  void Note(const std::vector<FeedTensor>& feeds, Clock::duration took) {
    std::vector<int> shapes = ShapesOf(feeds);
    if (shapes != shapes_) trust_ = 0;
    // One slow run may be the system's doing, which had taken the processor away; two in a row count.
    trust_ = took <= kQuick ? std::min(trust_ + 1, 2 * kProof) : trust_ / 2;
    if (shapes.empty()) trust_ = 0;
    shapes_ = std::move(shapes);
  }

 private:
  static constexpr std::chrono::microseconds kQuick{50};
  static constexpr int kProof = 8;

  // Empty where the shapes don't say how much there is to do: texts, and sequences of lengths of their own.
  static std::vector<int> ShapesOf(const std::vector<FeedTensor>& feeds) {
    std::vector<int> shapes;
    for (const FeedTensor& feed : feeds) {
      if (feed.is_text || !feed.lod.empty()) return {};
      shapes.push_back(static_cast<int>(feed.shape.size()));
      shapes.insert(shapes.end(), feed.shape.begin(), feed.shape.end());
    }
    return shapes;
  }

  int trust_ = 0;
  std::vector<int> shapes_;
};

}  // namespace paddlelab
