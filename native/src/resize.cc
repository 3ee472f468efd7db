#include "resize.h"

#include <algorithm>
#include <cmath>

namespace paddlelab {
namespace {

// For each destination position `taps` source positions (already clamped) with their weights.
template <typename Weight>
struct Axis {
  int taps = 0;
  std::vector<int> index;
  std::vector<Weight> weight;

  Axis(int length, int taps_each) : taps(taps_each) {
    index.resize(static_cast<size_t>(length) * taps);
    weight.resize(index.size());
  }
  void Set(int position, int tap, int source, Weight value) {
    const size_t at = static_cast<size_t>(position) * taps + tap;
    index[at] = source;
    weight[at] = value;
  }
};

uint8_t Saturate(double value) { return static_cast<uint8_t>(std::clamp(std::nearbyint(value), 0.0, 255.0)); }
uint8_t Saturate(int value) { return static_cast<uint8_t>(std::clamp(value, 0, 255)); }

// Horizontal pass of one source row.
template <typename Weight, int Channels>
void HorizontalRow(const uint8_t* row, const Axis<Weight>& axis, int width, Weight* out) {
  for (int x = 0; x < width; x++) {
    const int* index = &axis.index[static_cast<size_t>(x) * axis.taps];
    const Weight* weight = &axis.weight[static_cast<size_t>(x) * axis.taps];
    Weight sum[Channels] = {};
    for (int k = 0; k < axis.taps; k++) {
      const uint8_t* pixel = row + index[k] * Channels;
      for (int c = 0; c < Channels; c++) sum[c] += weight[k] * pixel[c];
    }
    for (int c = 0; c < Channels; c++) out[x * Channels + c] = sum[c];
  }
}

template <typename Weight>
using RowPass = void (*)(const uint8_t*, const Axis<Weight>&, int, Weight*);

template <typename Weight>
RowPass<Weight> RowPassFor(int channels) {
  switch (channels) {
    case 1:
      return HorizontalRow<Weight, 1>;
    case 2:
      return HorizontalRow<Weight, 2>;
    case 4:
      return HorizontalRow<Weight, 4>;
    default:
      return HorizontalRow<Weight, 3>;
  }
}

// Rows after the horizontal pass, each computed once: neighbouring destination rows share most of them.
template <typename Weight>
class RowCache {
 public:
  RowCache(const uint8_t* source, const ResizeSpec& spec, const Axis<Weight>& axis, int rows)
      : source_(source),
        spec_(spec),
        axis_(axis),
        pass_(RowPassFor<Weight>(spec.channels)),
        held_(rows, -1),
        buffer_(rows) {
    for (auto& row : buffer_) row.resize(static_cast<size_t>(spec.width) * spec.channels);
  }

  const Weight* Row(int y) {
    const size_t slot = static_cast<size_t>(y) % held_.size();
    if (held_[slot] != y) {
      pass_(source_ + static_cast<size_t>(y) * spec_.source_width * spec_.channels, axis_, spec_.width,
            buffer_[slot].data());
      held_[slot] = y;
    }
    return buffer_[slot].data();
  }

 private:
  const uint8_t* source_;
  const ResizeSpec& spec_;
  const Axis<Weight>& axis_;
  RowPass<Weight> pass_;
  std::vector<int> held_;
  std::vector<std::vector<Weight>> buffer_;
};

// `combine(rows, weights, taps, i)` makes one output sample of the horizontal results.
template <typename Weight, typename Combine>
std::vector<uint8_t> ResizeSeparable(const uint8_t* source, const ResizeSpec& spec, const Axis<Weight>& horizontal,
                                     const Axis<Weight>& vertical, Combine combine) {
  const size_t row_samples = static_cast<size_t>(spec.width) * spec.channels;
  std::vector<uint8_t> out(row_samples * spec.height);
  RowCache<Weight> cache(source, spec, horizontal, vertical.taps + 1);
  std::vector<const Weight*> rows(vertical.taps);
  for (int y = 0; y < spec.height; y++) {
    const size_t first = static_cast<size_t>(y) * vertical.taps;
    for (int k = 0; k < vertical.taps; k++) rows[k] = cache.Row(vertical.index[first + k]);
    const Weight* weights = &vertical.weight[first];
    uint8_t* target = &out[y * row_samples];
    for (size_t i = 0; i < row_samples; i++) target[i] = combine(rows.data(), weights, vertical.taps, i);
  }
  return out;
}

// One bilinear position, as 11-bit fixed point.
void SetLinear(Axis<int>* axis, int position, int first, int second, float fraction) {
  axis->Set(position, 0, first, static_cast<int>(std::nearbyint(2048.0f * (1.0f - fraction))));
  axis->Set(position, 1, second, static_cast<int>(std::nearbyint(2048.0f * fraction)));
}

// Centre-aligned positions. Horizontally a position outside takes the border pixel whole; vertically it keeps its
// fraction and takes the border row twice, which rounds differently.
Axis<int> LinearAxis(int length, int source_length, double step, bool horizontal) {
  Axis<int> axis(length, 2);
  for (int d = 0; d < length; d++) {
    const float position = static_cast<float>((d + 0.5) * step - 0.5);
    int first = static_cast<int>(std::floor(position));
    float fraction = position - first;
    if (horizontal && (first < 0 || first >= source_length - 1)) {
      first = first < 0 ? 0 : source_length - 1;
      fraction = 0;
    }
    SetLinear(&axis, d, std::clamp(first, 0, source_length - 1), std::clamp(first + 1, 0, source_length - 1), fraction);
  }
  return axis;
}

// INTER_AREA where an axis grows: bilinear with positions counted from the pixels' edges.
Axis<int> AreaGrowAxis(int length, int source_length, bool horizontal) {
  const double step = 1.0 / (static_cast<double>(length) / source_length);
  Axis<int> axis(length, 2);
  for (int d = 0; d < length; d++) {
    int first = static_cast<int>(std::floor(d * step));
    float fraction = static_cast<float>((d + 1) - (first + 1) / step);
    fraction = fraction <= 0 ? 0.0f : fraction - std::floor(fraction);
    if (horizontal && first >= source_length - 1) {
      first = source_length - 1;
      fraction = 0;
    }
    SetLinear(&axis, d, first, std::min(first + 1, source_length - 1), fraction);
  }
  return axis;
}

std::vector<uint8_t> ResizeLinear(const uint8_t* source, const ResizeSpec& spec, const Axis<int>& horizontal,
                                  const Axis<int>& vertical) {
  // OpenCV's vector code drops low bits before the sum; the textbook form differs by one in places.
  auto combine = [](const int* const* rows, const int* weights, int, size_t i) {
    return Saturate((((weights[0] * (rows[0][i] >> 4)) >> 16) + ((weights[1] * (rows[1][i] >> 4)) >> 16) + 2) >> 2);
  };
  return ResizeSeparable<int>(source, spec, horizontal, vertical, combine);
}

uint8_t CombineDouble(const double* const* rows, const double* weights, int taps, size_t i) {
  double sum = 0;
  for (int k = 0; k < taps; k++) sum += weights[k] * rows[k][i];
  return Saturate(sum);
}

double CubicWeight(double distance) {
  constexpr double a = -0.75;
  const double t = std::abs(distance);
  if (t <= 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
  return 0;
}

Axis<double> CubicAxis(int length, int source_length, double step) {
  Axis<double> axis(length, 4);
  for (int d = 0; d < length; d++) {
    const double position = (d + 0.5) * step - 0.5;
    const int first = static_cast<int>(std::floor(position)) - 1;
    for (int k = 0; k < 4; k++) {
      axis.Set(d, k, std::clamp(first + k, 0, source_length - 1), CubicWeight(position - (first + k)));
    }
  }
  return axis;
}

double Sinc(double x) { return x == 0 ? 1.0 : std::sin(M_PI * x) / (M_PI * x); }

Axis<int> LanczosAxis(int length, int source_length, double step) {
  Axis<int> axis(length, 8);
  for (int d = 0; d < length; d++) {
    const double position = (d + 0.5) * step - 0.5;
    const int first = static_cast<int>(std::floor(position)) - 3;
    double weights[8];
    double sum = 0;
    for (int k = 0; k < 8; k++) {
      const double t = position - (first + k);
      sum += weights[k] = Sinc(t) * Sinc(t / 4);
    }
    for (int k = 0; k < 8; k++) {
      axis.Set(d, k, std::clamp(first + k, 0, source_length - 1),
               static_cast<int>(std::nearbyint(2048 * weights[k] / sum)));
    }
  }
  return axis;
}

// INTER_AREA where both axes shrink: every source pixel weighted by its overlap with the destination cell.
Axis<double> AreaShrinkAxis(int length, int source_length, double step) {
  Axis<double> axis(length, static_cast<int>(std::ceil(step)) + 2);
  for (int d = 0; d < length; d++) {
    const double begin = d * step;
    const double end = std::min(begin + step, static_cast<double>(source_length));
    const double cell = std::min(step, source_length - begin);
    for (int k = 0; k < axis.taps; k++) {
      const int pixel = static_cast<int>(std::floor(begin)) + k;
      const double overlap = std::min(end, pixel + 1.0) - std::max(begin, static_cast<double>(pixel));
      axis.Set(d, k, std::clamp(pixel, 0, source_length - 1), overlap > 1e-3 ? overlap / cell : 0.0);
    }
  }
  return axis;
}

std::vector<uint8_t> ResizeArea(const uint8_t* source, const ResizeSpec& spec) {
  if (spec.step_x >= 1 && spec.step_y >= 1) {
    return ResizeSeparable<double>(source, spec, AreaShrinkAxis(spec.width, spec.source_width, spec.step_x),
                                   AreaShrinkAxis(spec.height, spec.source_height, spec.step_y), CombineDouble);
  }
  return ResizeLinear(source, spec, AreaGrowAxis(spec.width, spec.source_width, true),
                      AreaGrowAxis(spec.height, spec.source_height, false));
}

std::vector<uint8_t> ResizeLanczos(const uint8_t* source, const ResizeSpec& spec) {
  auto combine = [](const int* const* rows, const int* weights, int taps, size_t i) {
    int sum = 1 << 21;
    for (int k = 0; k < taps; k++) sum += weights[k] * rows[k][i];
    return Saturate(sum >> 22);
  };
  return ResizeSeparable<int>(source, spec, LanczosAxis(spec.width, spec.source_width, spec.step_x),
                              LanczosAxis(spec.height, spec.source_height, spec.step_y), combine);
}

std::vector<uint8_t> ResizeNearest(const uint8_t* source, const ResizeSpec& spec) {
  std::vector<uint8_t> out(static_cast<size_t>(spec.width) * spec.height * spec.channels);
  const double step_x = static_cast<double>(spec.source_width) / spec.width;
  const double step_y = static_cast<double>(spec.source_height) / spec.height;
  uint8_t* target = out.data();
  for (int y = 0; y < spec.height; y++) {
    const int row = std::min(static_cast<int>(std::floor(y * step_y)), spec.source_height - 1);
    for (int x = 0; x < spec.width; x++) {
      const int column = std::min(static_cast<int>(std::floor(x * step_x)), spec.source_width - 1);
      const uint8_t* pixel = source + (static_cast<size_t>(row) * spec.source_width + column) * spec.channels;
      target = std::copy_n(pixel, spec.channels, target);
    }
  }
  return out;
}

}  // namespace

std::vector<uint8_t> Resize(const uint8_t* source, const ResizeSpec& spec) {
  switch (spec.interpolation) {
    case Interpolation::kNearest:
      return ResizeNearest(source, spec);
    case Interpolation::kCubic:
      return ResizeSeparable<double>(source, spec, CubicAxis(spec.width, spec.source_width, spec.step_x),
                                     CubicAxis(spec.height, spec.source_height, spec.step_y), CombineDouble);
    case Interpolation::kArea:
      return ResizeArea(source, spec);
    case Interpolation::kLanczos4:
      return ResizeLanczos(source, spec);
    default:
      return ResizeLinear(source, spec, LinearAxis(spec.width, spec.source_width, spec.step_x, true),
                          LinearAxis(spec.height, spec.source_height, spec.step_y, false));
  }
}

}  // namespace paddlelab
