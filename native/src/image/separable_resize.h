#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "image/horizontal_pass.h"
#include "image/image.h"

namespace paddlelab {

inline uint8_t Saturate(double value) { return static_cast<uint8_t>(std::clamp(std::nearbyint(value), 0.0, 255.0)); }
inline uint8_t Saturate(int value) { return static_cast<uint8_t>(std::clamp(value, 0, 255)); }

// Padding after the rows of sums, because vector code may write past the end.
constexpr size_t kRowMargin = 16;

// Rows after the horizontal pass, each computed once, because neighbouring destination rows share most of them.
template <typename Pixel, typename Weight>
class RowCache {
 public:
  RowCache(const ImageView& source, const Axis<Weight>& axis, const RowPass<Pixel, Weight>& pass, int rows)
      : source_(source), axis_(axis), pass_(pass), held_(rows, -1), buffer_(rows) {
    for (auto& row : buffer_) row.resize(static_cast<size_t>(axis.Length()) * source.channels + kRowMargin);
  }

  const Weight* Row(int y) {
    const size_t slot = static_cast<size_t>(y) % held_.size();
    if (held_[slot] != y) {
      pass_(source_.Row<Pixel>(y), source_.width, axis_, buffer_[slot].data());
      held_[slot] = y;
    }
    return buffer_[slot].data();
  }

 private:
  const ImageView& source_;
  const Axis<Weight>& axis_;
  const RowPass<Pixel, Weight>& pass_;
  std::vector<int> held_;
  std::vector<std::vector<Weight>> buffer_;
};

// `combine(rows, weights, y, samples, out)` makes one output row from the horizontal results.
template <typename Pixel, typename Weight, typename Combine>
void ResizeSeparable(const ImageView& source, const Axis<Weight>& horizontal, const Axis<Weight>& vertical,
                     const RowPass<Pixel, Weight>& pass, RowRange range, const RowSink& sink, Combine combine) {
  const size_t samples = static_cast<size_t>(horizontal.Length()) * source.channels;
  std::vector<Pixel> out(samples + kRowMargin);
  RowCache<Pixel, Weight> cache(source, horizontal, pass, vertical.taps + 1);
  std::vector<const Weight*> rows(vertical.taps);
  for (int y = range.begin; y < range.end; y++) {
    const size_t first = static_cast<size_t>(y) * vertical.taps;
    for (int k = 0; k < vertical.taps; k++) rows[k] = cache.Row(vertical.index[first + k]);
    combine(rows.data(), &vertical.weight[first], y, samples, out.data());
    sink(y, out.data());
  }
}

template <typename Pixel, typename Weight, typename Combine>
void ResizeSeparable(const ImageView& source, const Axis<Weight>& horizontal, const Axis<Weight>& vertical,
                     RowRange range, const RowSink& sink, Combine combine) {
  ResizeSeparable<Pixel, Weight>(source, horizontal, vertical, PlainPassFor<Pixel, Weight>(source.channels), range,
                                 sink, combine);
}

// Weighted sum of whole rows, row by row so that the compiler vectorizes it.
template <typename Weight>
void SumRows(const Weight* const* rows, const Weight* weights, int taps, size_t samples, Weight* out) {
  for (size_t i = 0; i < samples; i++) out[i] = rows[0][i] * weights[0];
  for (int k = 1; k < taps; k++) {
    const Weight* row = rows[k];
    const Weight weight = weights[k];
    for (size_t i = 0; i < samples; i++) out[i] += row[i] * weight;
  }
}

}  // namespace paddlelab
