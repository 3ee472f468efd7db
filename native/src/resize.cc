#include "resize.h"

#include <smmintrin.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "horizontal_pass.h"

namespace paddlelab {
namespace {

uint8_t Saturate(double value) { return static_cast<uint8_t>(std::clamp(std::nearbyint(value), 0.0, 255.0)); }
uint8_t Saturate(int value) { return static_cast<uint8_t>(std::clamp(value, 0, 255)); }

// Room behind the rows of sums for vector code to run over.
constexpr size_t kRowMargin = 16;

// Rows after the horizontal pass, each computed once: neighbouring destination rows share most of them.
template <typename Pixel, typename Weight>
class RowCache {
 public:
  RowCache(const ImageView& source, const Axis<Weight>& axis, RowPass<Pixel, Weight> pass, int rows)
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
  RowPass<Pixel, Weight> pass_;
  std::vector<int> held_;
  std::vector<std::vector<Weight>> buffer_;
};

// `combine(rows, weights, y, samples, out)` makes one row of output of the horizontal results.
template <typename Pixel, typename Weight, typename Combine>
void ResizeSeparable(const ImageView& source, const Axis<Weight>& horizontal, const Axis<Weight>& vertical,
                     RowPass<Pixel, Weight> pass, RowRange range, const RowSink& sink, Combine combine) {
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

void ResizeLinear(const ImageView& source, const Axis<int>& horizontal, const Axis<int>& vertical, RowRange range,
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
  ResizeSeparable<uint8_t, int>(source, horizontal, vertical, pass, range, sink, combine);
}

// To the nearest integer, half to even. Rows have room for 16 samples more than they hold.
void RoundRow(const float* sums, size_t samples, uint8_t* out) {
  for (size_t start = 0; start < samples; start += 16) {
    __m128i quarters[4];
    for (int k = 0; k < 4; k++) quarters[k] = _mm_cvtps_epi32(_mm_loadu_ps(sums + start + k * 4));
    const __m128i bytes =
        _mm_packus_epi16(_mm_packs_epi32(quarters[0], quarters[1]), _mm_packs_epi32(quarters[2], quarters[3]));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + start), bytes);
  }
}

// In float32, summed in OpenCV's order and rounded at the end.
void ResizeArea(const ImageView& source, const Axis<float>& horizontal, const Axis<float>& vertical, RowRange range,
                const RowSink& sink) {
  std::vector<float> sums(static_cast<size_t>(horizontal.Length()) * source.channels + kRowMargin);
  auto combine = [&](const float* const* rows, const float* weights, int, size_t samples, uint8_t* out) {
    SumRows(rows, weights, vertical.taps, samples, sums.data());
    RoundRow(sums.data(), samples, out);
  };
  const RowPass<uint8_t, float> pass =
      source.channels == 3 ? ManyTapsPassRgb : PlainPassFor<uint8_t, float>(source.channels);
  ResizeSeparable<uint8_t, float>(source, horizontal, vertical, pass, range, sink, combine);
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

// The sum of 16 products of at most 255 · 1.2² is off by less than 3e-4 in float32; nearer to a tie it can't be
// trusted to round as the exact sum does.
constexpr float kNearTie = 0.4995f;

// Four weighted rows, four samples at a time: rounded to integers, and whether any sum is doubtful.
struct CubicRows {
  const float* rows[4];
  __m128 weights[4];

  CubicRows(const float* const* source, const float* weight) {
    for (int k = 0; k < 4; k++) {
      rows[k] = source[k];
      weights[k] = _mm_set1_ps(weight[k]);
    }
  }
  __m128 Term(int k, size_t i) const { return _mm_mul_ps(_mm_loadu_ps(rows[k] + i), weights[k]); }
  __m128i Round(size_t i, __m128* doubtful) const {
    const __m128 sum = _mm_add_ps(_mm_add_ps(Term(0, i), Term(1, i)), _mm_add_ps(Term(2, i), Term(3, i)));
    const __m128 value = _mm_min_ps(_mm_max_ps(sum, _mm_setzero_ps()), _mm_set1_ps(255));
    const __m128i rounded = _mm_cvtps_epi32(value);
    const __m128 error = _mm_andnot_ps(_mm_set1_ps(-0.0f), _mm_sub_ps(value, _mm_cvtepi32_ps(rounded)));
    *doubtful = _mm_or_ps(*doubtful, _mm_cmpgt_ps(error, _mm_set1_ps(kNearTie)));
    return rounded;
  }
};

// Rounded as if computed in double, at the cost of float32. Rows have room for 16 samples more than they hold.
template <typename Exact>
void RoundCubicRow(const CubicRows& sums, size_t samples, uint8_t* out, Exact exact) {
  for (size_t start = 0; start < samples; start += 16) {
    __m128 doubtful[4] = {_mm_setzero_ps(), _mm_setzero_ps(), _mm_setzero_ps(), _mm_setzero_ps()};
    __m128i quarters[4];
    for (int k = 0; k < 4; k++) quarters[k] = sums.Round(start + k * 4, &doubtful[k]);
    const __m128i bytes =
        _mm_packus_epi16(_mm_packs_epi32(quarters[0], quarters[1]), _mm_packs_epi32(quarters[2], quarters[3]));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + start), bytes);
    for (int k = 0; k < 4; k++) {
      const int lanes = _mm_movemask_ps(doubtful[k]);
      for (int lane = 0; lanes >> lane != 0; lane++) {
        const size_t i = start + k * 4 + lane;
        if ((lanes >> lane & 1) != 0 && i < samples) out[i] = exact(i);
      }
    }
  }
}

// Rounded as if computed in double.
void ResizeCubic(const ImageView& source, const Axis<double>& horizontal, const Axis<double>& vertical, RowRange range,
                 const RowSink& sink) {
  const Axis<float> columns = ConvertAxis<float>(horizontal);
  const Axis<float> lines = ConvertAxis<float>(vertical);
  auto combine = [&](const float* const* rows, const float* weights, int y, size_t samples, uint8_t* out) {
    RoundCubicRow(CubicRows(rows, weights), samples, out,
                  [&](size_t i) { return ExactSample(source, horizontal, vertical, i, y); });
  };
  const RowPass<uint8_t, float> pass =
      source.channels == 3 ? CubicPassRgb : PlainPassFor<uint8_t, float>(source.channels);
  ResizeSeparable<uint8_t, float>(source, columns, lines, pass, range, sink, combine);
}

void ResizeLanczos(const ImageView& source, const Axis<int>& horizontal, const Axis<int>& vertical, RowRange range,
                   const RowSink& sink) {
  std::vector<int> sums(static_cast<size_t>(horizontal.Length()) * source.channels);
  auto combine = [&](const int* const* rows, const int* weights, int, size_t samples, uint8_t* out) {
    SumRows(rows, weights, 8, samples, sums.data());
    for (size_t i = 0; i < samples; i++) out[i] = Saturate((sums[i] + (1 << 21)) >> 22);
  };
  ResizeSeparable<uint8_t, int>(source, horizontal, vertical, range, sink, combine);
}

void ResizeFloat(const ImageView& source, const Axis<float>& horizontal, const Axis<float>& vertical, RowRange range,
                 const RowSink& sink) {
  auto combine = [&](const float* const* rows, const float* weights, int, size_t samples, float* out) {
    SumRows(rows, weights, vertical.taps, samples, out);
  };
  ResizeSeparable<float, float>(source, horizontal, vertical, range, sink, combine);
}

// Cells of whole pixels: their plain mean. At the border there may be less of them in a cell.
template <typename Pixel>
void ResizeWholeCells(const ImageView& source, const ResizeSpec& spec, RowRange range, const RowSink& sink) {
  const int across = static_cast<int>(spec.step_x), down = static_cast<int>(spec.step_y), channels = source.channels;
  const bool quarters = across == 2 && down == 2 && channels != 2;
  const float share = 1.0f / (across * down);
  std::vector<Pixel> out(static_cast<size_t>(spec.width) * channels);
  for (int y = range.begin; y < range.end; y++) {
    const int rows = std::min(down, source.height - y * down);
    for (int i = 0; i < spec.width * channels; i++) {
      const int x = i / channels;
      const int columns = std::min(across, source.width - x * across);
      std::conditional_t<std::is_same_v<Pixel, float>, float, int> sum = 0;
      for (int row = 0; row < rows; row++) {
        const Pixel* pixel = source.Row<Pixel>(y * down + row) + x * across * channels + i % channels;
        for (int column = 0; column < columns; column++) sum += pixel[column * channels];
      }
      const bool whole = rows == down && columns == across;
      const float mean = whole ? sum * share : static_cast<float>(sum) / (rows * columns);
      if constexpr (std::is_same_v<Pixel, float>) {
        out[i] = mean;
      } else {
        out[i] = whole && quarters ? static_cast<uint8_t>((sum + 2) >> 2) : Saturate(static_cast<double>(mean));
      }
    }
    sink(y, out.data());
  }
}

bool HasWholeCells(const ResizeSpec& spec) {
  const auto whole = [](double step) { return step >= 1 && step == std::floor(step); };
  return whole(spec.step_x) && whole(spec.step_y);
}

template <typename Pixel>
void ResizeNearest(const ImageView& source, const ResizeSpec& spec, RowRange range, const RowSink& sink) {
  std::vector<Pixel> out(static_cast<size_t>(spec.width) * source.channels);
  std::vector<int> columns(spec.width);
  for (int x = 0; x < spec.width; x++) {
    columns[x] = std::min(static_cast<int>(std::floor(x * spec.step_x)), source.width - 1) * source.channels;
  }
  for (int y = range.begin; y < range.end; y++) {
    const Pixel* row = source.Row<Pixel>(std::min(static_cast<int>(std::floor(y * spec.step_y)), source.height - 1));
    Pixel* target = out.data();
    for (int x = 0; x < spec.width; x++) target = std::copy_n(row + columns[x], source.channels, target);
    sink(y, out.data());
  }
}

}  // namespace

void Resize(const ImageView& source, const ResizeSpec& spec, RowRange range, const RowSink& sink) {
  const auto axes = [&](auto make, auto use) {
    use(make(spec.width, source.width, spec.step_x, true), make(spec.height, source.height, spec.step_y, false));
  };
  const bool shrinks = spec.step_x >= 1 && spec.step_y >= 1;
  const auto cubic = [](int to, int from, double step, bool) { return CubicAxis(to, from, step); };
  const auto lanczos = [](int to, int from, double step, bool) { return LanczosAxis(to, from, step); };
  const auto area = [](int to, int from, double step, bool) { return AreaShrinkAxis(to, from, step); };
  const auto floats = [&](const auto& x, const auto& y) {
    ResizeFloat(source, ConvertAxis<float>(x), ConvertAxis<float>(y), range, sink);
  };
  switch (spec.interpolation) {
    case Interpolation::kNearest:
      return source.floats ? ResizeNearest<float>(source, spec, range, sink)
                           : ResizeNearest<uint8_t>(source, spec, range, sink);
    case Interpolation::kCubic:
      if (source.floats) return axes(cubic, floats);
      return axes(cubic, [&](const auto& x, const auto& y) { ResizeCubic(source, x, y, range, sink); });
    case Interpolation::kArea:
      if (HasWholeCells(spec)) {
        return source.floats ? ResizeWholeCells<float>(source, spec, range, sink)
                             : ResizeWholeCells<uint8_t>(source, spec, range, sink);
      }
      if (source.floats) return shrinks ? axes(area, floats) : axes(AreaGrowAxis, floats);
      if (shrinks) return axes(area, [&](const auto& x, const auto& y) { ResizeArea(source, x, y, range, sink); });
      return axes(AreaGrowAxis, [&](const auto& x, const auto& y) {
        ResizeLinear(source, FixedAxis(x, 2048.0f), FixedAxis(y, 2048.0f), range, sink);
      });
    case Interpolation::kLanczos4:
      if (source.floats) return axes(lanczos, floats);
      return axes(lanczos, [&](const auto& x, const auto& y) {
        ResizeLanczos(source, FixedAxis(x, 2048.0), FixedAxis(y, 2048.0), range, sink);
      });
    default:
      // OpenCV takes means of 2×2 pixels here, too.
      if (!source.floats && spec.step_x == 2 && spec.step_y == 2)
        return ResizeWholeCells<uint8_t>(source, spec, range, sink);
      if (source.floats) {
        return axes([](int to, int from, double step, bool) { return LinearFloatAxis(to, from, step); }, floats);
      }
      return axes(LinearAxis, [&](const auto& x, const auto& y) { ResizeLinear(source, x, y, range, sink); });
  }
}

}  // namespace paddlelab
