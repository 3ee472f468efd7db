#include "image/resample_axis.h"

#include <algorithm>
#include <cmath>

namespace paddlelab {
namespace {

double CubicWeight(double distance) {
  constexpr double a = -0.75;
  const double t = std::abs(distance);
  if (t <= 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
  return 0;
}

double Sinc(double x) { return x == 0 ? 1.0 : std::sin(M_PI * x) / (M_PI * x); }

void SetLinear(Axis<float>* axis, int position, int first, float fraction, int source_length) {
  axis->Set(position, 0, std::clamp(first, 0, source_length - 1), 1.0f - fraction);
  axis->Set(position, 1, std::clamp(first + 1, 0, source_length - 1), fraction);
}

}  // namespace

template <typename From>
Axis<int> FixedAxis(const Axis<From>& from, From scale) {
  Axis<int> to(from.Length(), from.taps);
  to.index = from.index;
  for (size_t i = 0; i < from.weight.size(); i++) {
    to.weight[i] = static_cast<int>(std::nearbyint(scale * from.weight[i]));
  }
  return to;
}
template Axis<int> FixedAxis<float>(const Axis<float>&, float);
template Axis<int> FixedAxis<double>(const Axis<double>&, double);

Axis<int> LinearAxis(int length, int source_length, double step, bool horizontal) {
  Axis<float> axis(length, 2);
  for (int d = 0; d < length; d++) {
    const float position = static_cast<float>((d + 0.5) * step - 0.5);
    int first = static_cast<int>(std::floor(position));
    float fraction = position - first;
    if (horizontal && (first < 0 || first >= source_length - 1)) {
      first = first < 0 ? 0 : source_length - 1;
      fraction = 0;
    }
    SetLinear(&axis, d, first, fraction, source_length);
  }
  return FixedAxis(axis, 2048.0f);
}

Axis<float> LinearFloatAxis(int length, int source_length, double step) {
  Axis<float> axis(length, 2);
  for (int d = 0; d < length; d++) {
    const double position = (d + 0.5) * step - 0.5;
    const int first = static_cast<int>(std::floor(position));
    SetLinear(&axis, d, first, static_cast<float>(position - first), source_length);
  }
  return axis;
}

Axis<float> AreaGrowAxis(int length, int source_length, double step, bool horizontal) {
  Axis<float> axis(length, 2);
  for (int d = 0; d < length; d++) {
    int first = static_cast<int>(std::floor(d * step));
    float fraction = static_cast<float>((d + 1) - (first + 1) / step);
    fraction = fraction <= 0 ? 0.0f : fraction - std::floor(fraction);
    if (horizontal && first >= source_length - 1) {
      first = source_length - 1;
      fraction = 0;
    }
    SetLinear(&axis, d, first, fraction, source_length);
  }
  return axis;
}

Axis<float> AreaShrinkAxis(int length, int source_length, double step) {
  Axis<float> axis(length, static_cast<int>(std::ceil(step)) + 2);
  for (int d = 0; d < length; d++) {
    const double begin = d * step;
    const double end = begin + step;
    const double cell = std::min(step, source_length - begin);
    const int last = std::min(static_cast<int>(std::floor(end)), source_length - 1);
    const int whole = std::min(static_cast<int>(std::ceil(begin)), last);
    const int first = whole - begin > 1e-3 ? whole - 1 : whole;
    for (int k = 0; k < axis.taps; k++) {
      const int pixel = first + k;
      double weight = 0;
      if (pixel < whole) weight = (whole - begin) / cell;
      if (pixel >= whole && pixel < last) weight = 1.0 / cell;
      if (pixel == last && end - last > 1e-3) weight = std::min(std::min(end - last, 1.0), cell) / cell;
      axis.Set(d, k, std::clamp(pixel, 0, source_length - 1), static_cast<float>(weight));
    }
  }
  return axis;
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

Axis<double> LanczosAxis(int length, int source_length, double step) {
  Axis<double> axis(length, 8);
  for (int d = 0; d < length; d++) {
    const double position = (d + 0.5) * step - 0.5;
    const int first = static_cast<int>(std::floor(position)) - 3;
    double weights[8];
    double sum = 0;
    for (int k = 0; k < 8; k++) {
      const double t = position - (first + k);
      sum += weights[k] = Sinc(t) * Sinc(t / 4);
    }
    for (int k = 0; k < 8; k++) axis.Set(d, k, std::clamp(first + k, 0, source_length - 1), weights[k] / sum);
  }
  return axis;
}

}  // namespace paddlelab
