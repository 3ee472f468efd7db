#pragma once

#include <smmintrin.h>

#include <cstdint>
#include <cstring>

#include "resample_axis.h"

namespace paddlelab {

// The horizontal half of a separable resize: one source row to one row of weighted sums.
template <typename Pixel, typename Weight>
using RowPass = void (*)(const Pixel* row, int source_width, const Axis<Weight>& axis, Weight* out);

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

// Whether the taps are neighbours and `bytes` from the first one lie within the row.
template <typename Weight>
inline bool Contiguous(const Axis<Weight>& axis, int x, int row_bytes, int bytes) {
  const int* index = &axis.index[static_cast<size_t>(x) * axis.taps];
  return index[axis.taps - 1] - index[0] == axis.taps - 1 && index[0] * 3 + bytes <= row_bytes;
}

// Two taps of three 8-bit channels: both pixels' samples side by side, multiplied and added in one instruction.
inline void LinearPassRgb(const uint8_t* row, int source_width, const Axis<int>& axis, int* out) {
  const __m128i pairs = _mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
  const int length = axis.Length();
  for (int x = 0; x < length; x++) {
    // Four sums are written for three; the row's end has no room for the fourth.
    if (x + 1 == length || !Contiguous(axis, x, source_width * 3, 8)) {
      SumTaps<uint8_t, int, 3>(row, axis, x, out);
      continue;
    }
    const int* weight = &axis.weight[static_cast<size_t>(x) * 2];
    const __m128i weights = _mm_set1_epi32((weight[1] << 16) | (weight[0] & 0xffff));
    const __m128i pixels = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(row + axis.index[x * 2] * 3));
    const __m128i sums = _mm_madd_epi16(_mm_shuffle_epi8(pixels, pairs), weights);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + x * 3), sums);
  }
}

template <int Byte>
inline __m128 PixelAt(__m128i bytes) {
  return _mm_cvtepi32_ps(_mm_cvtepu8_epi32(_mm_srli_si128(bytes, Byte)));
}

// Four taps of three 8-bit channels, a pixel to a register.
inline void CubicPassRgb(const uint8_t* row, int source_width, const Axis<float>& axis, float* out) {
  const int length = axis.Length();
  for (int x = 0; x < length; x++) {
    if (x + 1 == length || !Contiguous(axis, x, source_width * 3, 16)) {
      SumTaps<uint8_t, float, 3>(row, axis, x, out);
      continue;
    }
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + axis.index[x * 4] * 3));
    const float* weight = &axis.weight[static_cast<size_t>(x) * 4];
    __m128 sum = _mm_mul_ps(PixelAt<0>(bytes), _mm_set1_ps(weight[0]));
    sum = _mm_add_ps(sum, _mm_mul_ps(PixelAt<3>(bytes), _mm_set1_ps(weight[1])));
    sum = _mm_add_ps(sum, _mm_mul_ps(PixelAt<6>(bytes), _mm_set1_ps(weight[2])));
    sum = _mm_add_ps(sum, _mm_mul_ps(PixelAt<9>(bytes), _mm_set1_ps(weight[3])));
    _mm_storeu_ps(out + x * 3, sum);
  }
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
