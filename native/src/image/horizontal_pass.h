#pragma once

#include <cstdint>
#include <functional>

#include "image/resample_axis.h"
#include "image/simd.h"

namespace paddlelab {

// The horizontal half of a separable resize: one source row to one row of weighted sums.
template <typename Pixel, typename Weight>
using RowPass = std::function<void(const Pixel* row, int source_width, const Axis<Weight>& axis, Weight* out)>;

template <typename Pixel, typename Weight, int Channels>
inline void SumTaps(const Pixel* row, const Axis<Weight>& axis, int x, Weight* out) {
  const int* index = &axis.index[static_cast<size_t>(x) * axis.taps];
  const Weight* weight = &axis.weight[static_cast<size_t>(x) * axis.taps];
  Weight sum[Channels] = {};
  for (int k = 0; k < axis.taps; k++) {
    const Pixel* pixel = row + index[k] * Channels;
    for (int c = 0; c < Channels; c++) sum[c] += weight[k] * pixel[c];
  }
  for (int c = 0; c < Channels; c++) out[x * Channels + c] = sum[c];
}

template <typename Pixel, typename Weight, int Channels>
void PlainPass(const Pixel* row, int, const Axis<Weight>& axis, Weight* out) {
  for (int x = 0; x < axis.Length(); x++) SumTaps<Pixel, Weight, Channels>(row, axis, x, out);
}

// The destination pixels whose taps are adjacent and may be loaded `bytes` at a time. One less than possible at the
// end, because four sums are written for three.
template <typename Weight>
void FastRange(const Axis<Weight>& axis, int row_bytes, int bytes, int* begin, int* end) {
  const auto contiguous = [&](int x) {
    const int* index = &axis.index[static_cast<size_t>(x) * axis.taps];
    return index[axis.taps - 1] - index[0] == axis.taps - 1 && index[0] * 3 + bytes <= row_bytes;
  };
  *begin = 0;
  *end = axis.Length() - 1;
  while (*begin < *end && !contiguous(*begin)) ++*begin;
  while (*end > *begin && !contiguous(*end - 1)) --*end;
}

template <typename Weight, typename Fast>
inline void PassRgb(const uint8_t* row, int source_width, const Axis<Weight>& axis, int bytes, Weight* out, Fast fast) {
  int begin, end;
  FastRange(axis, source_width * 3, bytes, &begin, &end);
  for (int x = 0; x < begin; x++) SumTaps<uint8_t, Weight, 3>(row, axis, x, out);
  for (int x = begin; x < end; x++) {
    const size_t first = static_cast<size_t>(x) * axis.taps;
    fast(row + axis.index[first] * 3, &axis.weight[first], out + x * 3);
  }
  for (int x = end; x < axis.Length(); x++) SumTaps<uint8_t, Weight, 3>(row, axis, x, out);
}

// Two taps of three 8-bit channels.
inline void LinearPassRgb(const uint8_t* row, int source_width, const Axis<int>& axis, int* out) {
  PassRgb(row, source_width, axis, 8, out, [](const uint8_t* source, const int* weight, int* target) {
    simd::Store(simd::SumTwoPixels(source, weight[0], weight[1]), target);
  });
}

// Any number of taps of three 8-bit channels, added in order.
inline void ManyTapsPassRgb(const uint8_t* row, int source_width, const Axis<float>& axis, float* out) {
  const int taps = axis.taps;
  PassRgb(row, source_width, axis, taps * 3 + 1, out,
          [taps](const uint8_t* source, const float* weight, float* target) {
            simd::Floats sum = simd::Splat(0);
            for (int k = 0; k < taps; k++) {
              sum = sum + simd::ToFloats(simd::LoadBytes(source + k * 3)) * simd::Splat(weight[k]);
            }
            simd::Store(sum, target);
          });
}

template <typename Pixel, typename Weight>
RowPass<Pixel, Weight> PlainPassFor(int channels) {
  switch (channels) {
    case 1:
      return PlainPass<Pixel, Weight, 1>;
    case 2:
      return PlainPass<Pixel, Weight, 2>;
    case 4:
      return PlainPass<Pixel, Weight, 4>;
    default:
      return PlainPass<Pixel, Weight, 3>;
  }
}

}  // namespace paddlelab
