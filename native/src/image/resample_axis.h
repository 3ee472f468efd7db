#pragma once

#include <cstddef>
#include <vector>

namespace paddlelab {

// For each destination position `taps` source positions (already clamped), with weights.
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
  int Length() const { return static_cast<int>(index.size()) / taps; }
};

// The same positions with weights of another type.
template <typename To, typename From>
Axis<To> ConvertAxis(const Axis<From>& from) {
  Axis<To> to(from.Length(), from.taps);
  to.index = from.index;
  to.weight.assign(from.weight.begin(), from.weight.end());
  return to;
}

// Bilinear for 8 bits, in 11-bit fixed point. Horizontally a position outside uses only the border pixel; vertically it
// keeps its fraction and uses the border row twice, which rounds differently.
Axis<int> LinearAxis(int length, int source_length, double step, bool horizontal);

// Bilinear for float32, with positions in double.
Axis<float> LinearFloatAxis(int length, int source_length, double step);

// INTER_AREA if an axis grows: bilinear with positions counted from the pixels' edges. Weights in floating point.
Axis<float> AreaGrowAxis(int length, int source_length, double step, bool horizontal);

// INTER_AREA if both axes shrink: every source pixel is weighted by its overlap with the destination cell, with
// OpenCV's tolerances.
Axis<float> AreaShrinkAxis(int length, int source_length, double step);

Axis<double> CubicAxis(int length, int source_length, double step);
Axis<double> LanczosAxis(int length, int source_length, double step);

// Weights as integers of the given scale, each rounded to the nearest (half to even).
template <typename From>
Axis<int> FixedAxis(const Axis<From>& from, From scale);

}  // namespace paddlelab
