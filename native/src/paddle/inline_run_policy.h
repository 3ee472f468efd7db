#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

#include "paddle/tensor.h"

namespace paddlelab {

// Decides, based on previous runs, whether a run may execute inline on the JavaScript thread: it must be faster than
// the round trip to another thread (some 100 microseconds).
class InlineRunPolicy {
 public:
  using Clock = std::chrono::steady_clock;

  // Whether enough of the last runs with the same input shapes were short.
  bool Allows(const std::vector<FeedTensor>& feeds) const {
    return score_ >= kShortRunsNeeded && ShapesOf(feeds) == shapes_;
  }

  void Record(const std::vector<FeedTensor>& feeds, Clock::duration took) {
    std::vector<int> shapes = ShapesOf(feeds);
    if (shapes != shapes_) score_ = 0;
    // One slow run may be caused by the system's scheduler; two in a row count.
    score_ = took <= kInlineLimit ? std::min(score_ + 1, 2 * kShortRunsNeeded) : score_ / 2;
    if (shapes.empty()) score_ = 0;
    shapes_ = std::move(shapes);
  }

 private:
  static constexpr std::chrono::microseconds kInlineLimit{50};
  static constexpr int kShortRunsNeeded = 8;

  // Empty if the shapes don't determine the amount of work: texts, and sequences with individual lengths.
  static std::vector<int> ShapesOf(const std::vector<FeedTensor>& feeds) {
    std::vector<int> shapes;
    for (const FeedTensor& feed : feeds) {
      if (feed.is_text || !feed.lod.empty()) return {};
      shapes.push_back(static_cast<int>(feed.shape.size()));
      shapes.insert(shapes.end(), feed.shape.begin(), feed.shape.end());
    }
    return shapes;
  }

  int score_ = 0;
  std::vector<int> shapes_;
};

}  // namespace paddlelab
