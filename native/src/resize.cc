#include "resize.h"

#include <algorithm>
#include <cmath>

#include "horizontal_pass.h"

namespace paddlelab {
namespace {

uint8_t Saturate(double value) { return static_cast<uint8_t>(std::clamp(std::nearbyint(value), 0.0, 255.0)); }
uint8_t Saturate(int value) { return static_cast<uint8_t>(std::clamp(value, 0, 255)); }

// Rows after the horizontal pass, each computed once: neighbouring destination rows share most of them.
template <typename Pixel, typename Weight>
class RowCache {
 public:
  RowCache(const ImageView& source, const Axis<Weight>& axis, RowPass<Pixel, Weight> pass, int rows)
      : source_(source), axis_(axis), pass_(pass), held_(rows, -1), buffer_(rows) {
    for (auto& row : buffer_) row.resize(static_cast<size_t>(axis.Length()) * source.channels);
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
  RowPass<Pixel, Weight> pass_;
  std::vector<int> held_;
  std::vector<std::vector<Weight>> buffer_;
};

// `combine(rows, weights, y, samples, out)` makes one row of output of the horizontal results.
template <typename Pixel, typename Weight, typename Combine>
void ResizeSeparable(const ImageView& source, const Axis<Weight>& horizontal, const Axis<Weight>& vertical,
                     RowPass<Pixel, Weight> pass, const RowSink& sink, Combine combine) {
  const size_t samples = static_cast<size_t>(horizontal.Length()) * source.channels;
  std::vector<Pixel> out(samples);
  RowCache<Pixel, Weight> cache(source, horizontal, pass, vertical.taps + 1);
  std::vector<const Weight*> rows(vertical.taps);
  for (int y = 0; y < vertical.Length(); y++) {
    const size_t first = static_cast<size_t>(y) * vertical.taps;
    for (int k = 0; k < vertical.taps; k++) rows[k] = cache.Row(vertical.index[first + k]);
    combine(rows.data(), &vertical.weight[first], y, samples, out.data());
    sink(y, out.data());
  }
}

template <typename Pixel, typename Weight, typename Combine>
void ResizeSeparable(const ImageView& source, const Axis<Weight>& horizontal, const Axis<Weight>& vertical,
                     const RowSink& sink, Combine combine) {
  ResizeSeparable<Pixel, Weight>(source, horizontal, vertical, PlainPassFor<Pixel, Weight>(source.channels), sink,
                                 combine);
}

// Weighted sum of whole rows, row by row so that the compiler makes vector code of it.
template <typename Weight>
void SumRows(const Weight* const* rows, const Weight* weights, int taps, size_t samples, Weight* out) {
  for (size_t i = 0; i < samples; i++) out[i] = rows[0][i] * weights[0];
  for (int k = 1; k < taps; k++) {
    const Weight* row = rows[k];
    const Weight weight = weights[k];
    for (size_t i = 0; i < samples; i++) out[i] += row[i] * weight;
  }
}

void ResizeLinear(const ImageView& source, const Axis<int>& horizontal, const Axis<int>& vertical,
                  const RowSink& sink) {
  // OpenCV's vector code drops low bits before the sum; the textbook form differs by one in places.
  auto combine = [](const int* const* rows, const int* weights, int, size_t samples, uint8_t* out) {
    const int *row0 = rows[0], *row1 = rows[1];
    const int weight0 = weights[0], weight1 = weights[1];
    for (size_t i = 0; i < samples; i++) {
      out[i] = Saturate((((weight0 * (row0[i] >> 4)) >> 16) + ((weight1 * (row1[i] >> 4)) >> 16) + 2) >> 2);
    }
  };
  const RowPass<uint8_t, int> pass = source.channels == 3 ? LinearPassRgb : PlainPassFor<uint8_t, int>(source.channels);
  ResizeSeparable<uint8_t, int>(source, horizontal, vertical, pass, sink, combine);
}

// In double and rounded at the end.
void ResizeExact(const ImageView& source, const Axis<double>& horizontal, const Axis<double>& vertical,
                 const RowSink& sink) {
  std::vector<double> sums(static_cast<size_t>(horizontal.Length()) * source.channels);
  auto combine = [&](const double* const* rows, const double* weights, int, size_t samples, uint8_t* out) {
    SumRows(rows, weights, vertical.taps, samples, sums.data());
    for (size_t i = 0; i < samples; i++) out[i] = Saturate(sums[i]);
  };
  ResizeSeparable<uint8_t, double>(source, horizontal, vertical, sink, combine);
}

// One sample in double, for where float32 can't tell how to round.
uint8_t ExactSample(const ImageView& source, const Axis<double>& horizontal, const Axis<double>& vertical, size_t i,
                    int y) {
  const size_t x = i / source.channels * horizontal.taps;
  const size_t channel = i % source.channels;
  double sum = 0;
  for (int k = 0; k < vertical.taps; k++) {
    const size_t v = static_cast<size_t>(y) * vertical.taps + k;
    const uint8_t* row = source.Row<uint8_t>(vertical.index[v]) + channel;
    double line = 0;
    for (int j = 0; j < horizontal.taps; j++) {
      line += horizontal.weight[x + j] * row[horizontal.index[x + j] * source.channels];
    }
    sum += vertical.weight[v] * line;
  }
  return Saturate(sum);
}

// Rounds sums to 8 bits; returns whether any of them is so near to a tie that its error may decide.
bool RoundRow(const float* sums, size_t samples, uint8_t* out) {
  // The sum of 16 products of at most 255 · 1.2² in float32 is off by less than 2e-4.
  constexpr float near_tie = 0.499f;
  int doubtful = 0;
  for (size_t i = 0; i < samples; i++) {
    const float value = std::min(std::max(sums[i], 0.0f), 255.0f);
    const int rounded = static_cast<int>(value + 0.5f);
    doubtful |= std::abs(value - rounded) > near_tie;
    out[i] = static_cast<uint8_t>(rounded);
  }
  return doubtful != 0;
}

// Rounded as if computed in double, at the cost of float32.
void ResizeCubic(const ImageView& source, const Axis<double>& horizontal, const Axis<double>& vertical,
                 const RowSink& sink) {
  constexpr size_t block = 64;
  const Axis<float> columns = ConvertAxis<float>(horizontal);
  const Axis<float> lines = ConvertAxis<float>(vertical);
  std::vector<float> sums(static_cast<size_t>(horizontal.Length()) * source.channels);
  auto combine = [&](const float* const* rows, const float* weights, int y, size_t samples, uint8_t* out) {
    SumRows(rows, weights, 4, samples, sums.data());
    for (size_t start = 0; start < samples; start += block) {
      const size_t count = std::min(block, samples - start);
      if (!RoundRow(&sums[start], count, out + start)) continue;
      for (size_t i = start; i < start + count; i++) {
        if (RoundRow(&sums[i], 1, out + i)) out[i] = ExactSample(source, horizontal, vertical, i, y);
      }
    }
  };
  const RowPass<uint8_t, float> pass =
      source.channels == 3 ? CubicPassRgb : PlainPassFor<uint8_t, float>(source.channels);
  ResizeSeparable<uint8_t, float>(source, columns, lines, pass, sink, combine);
}

void ResizeLanczos(const ImageView& source, const Axis<int>& horizontal, const Axis<int>& vertical,
                   const RowSink& sink) {
  std::vector<int> sums(static_cast<size_t>(horizontal.Length()) * source.channels);
  auto combine = [&](const int* const* rows, const int* weights, int, size_t samples, uint8_t* out) {
    SumRows(rows, weights, 8, samples, sums.data());
    for (size_t i = 0; i < samples; i++) out[i] = Saturate((sums[i] + (1 << 21)) >> 22);
  };
  ResizeSeparable<uint8_t, int>(source, horizontal, vertical, sink, combine);
}

void ResizeFloat(const ImageView& source, const Axis<float>& horizontal, const Axis<float>& vertical,
                 const RowSink& sink) {
  auto combine = [&](const float* const* rows, const float* weights, int, size_t samples, float* out) {
    SumRows(rows, weights, vertical.taps, samples, out);
  };
  ResizeSeparable<float, float>(source, horizontal, vertical, sink, combine);
}

template <typename Pixel>
void ResizeNearest(const ImageView& source, const ResizeSpec& spec, const RowSink& sink) {
  std::vector<Pixel> out(static_cast<size_t>(spec.width) * source.channels);
  std::vector<int> columns(spec.width);
  for (int x = 0; x < spec.width; x++) {
    columns[x] = std::min(static_cast<int>(std::floor(x * spec.step_x)), source.width - 1) * source.channels;
  }
  for (int y = 0; y < spec.height; y++) {
    const Pixel* row = source.Row<Pixel>(std::min(static_cast<int>(std::floor(y * spec.step_y)), source.height - 1));
    Pixel* target = out.data();
    for (int x = 0; x < spec.width; x++) target = std::copy_n(row + columns[x], source.channels, target);
    sink(y, out.data());
  }
}

}  // namespace

void Resize(const ImageView& source, const ResizeSpec& spec, const RowSink& sink) {
  const auto axes = [&](auto make, auto use) {
    use(make(spec.width, source.width, spec.step_x, true), make(spec.height, source.height, spec.step_y, false));
  };
  const bool shrinks = spec.step_x >= 1 && spec.step_y >= 1;
  const auto cubic = [](int to, int from, double step, bool) { return CubicAxis(to, from, step); };
  const auto lanczos = [](int to, int from, double step, bool) { return LanczosAxis(to, from, step); };
  const auto area = [](int to, int from, double step, bool) { return AreaShrinkAxis(to, from, step); };
  const auto grow = [](int to, int from, double, bool flat) { return AreaGrowAxis(to, from, flat); };
  const auto floats = [&](const auto& x, const auto& y) {
    ResizeFloat(source, ConvertAxis<float>(x), ConvertAxis<float>(y), sink);
  };
  switch (spec.interpolation) {
    case Interpolation::kNearest:
      return source.floats ? ResizeNearest<float>(source, spec, sink) : ResizeNearest<uint8_t>(source, spec, sink);
    case Interpolation::kCubic:
      if (source.floats) return axes(cubic, floats);
      return axes(cubic, [&](const auto& x, const auto& y) { ResizeCubic(source, x, y, sink); });
    case Interpolation::kArea:
      if (source.floats) return shrinks ? axes(area, floats) : axes(grow, floats);
      if (shrinks) return axes(area, [&](const auto& x, const auto& y) { ResizeExact(source, x, y, sink); });
      return axes(grow, [&](const auto& x, const auto& y) {
        ResizeLinear(source, FixedAxis(x, 2048.0f), FixedAxis(y, 2048.0f), sink);
      });
    case Interpolation::kLanczos4:
      if (source.floats) return axes(lanczos, floats);
      return axes(lanczos, [&](const auto& x, const auto& y) {
        ResizeLanczos(source, FixedAxis(x, 2048.0), FixedAxis(y, 2048.0), sink);
      });
    default:
      if (source.floats) {
        return axes([](int to, int from, double step, bool) { return LinearFloatAxis(to, from, step); }, floats);
      }
      return axes(LinearAxis, [&](const auto& x, const auto& y) { ResizeLinear(source, x, y, sink); });
  }
}

}  // namespace paddlelab
