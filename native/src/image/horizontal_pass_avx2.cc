#include "image/horizontal_pass_avx2.h"

#include <immintrin.h>

#include <vector>

namespace paddlelab {
namespace {

// Pixels that one load of 16 bytes holds whole, with a byte to spare for the fourth lane.
constexpr int kPixelsALoad = 5;

int BytesRead(int taps) { return (taps - 1) / kPixelsALoad * kPixelsALoad * 3 + 16; }

// The weights of two neighbours in the lanes where their samples will be: four of the one, four of the other.
std::vector<float> PairWeights(const Axis<float>& axis) {
  const int pairs = axis.Length() / 2;
  std::vector<float> paired(static_cast<size_t>(pairs) * axis.taps * 8);
  for (size_t i = 0; i < paired.size(); i++) {
    const size_t tap = i / 8 % axis.taps;
    const size_t pixel = i / 8 / axis.taps * 2 + i % 8 / 4;
    paired[i] = axis.weight[pixel * axis.taps + tap];
  }
  return paired;
}

// No lambdas and no templates in here: only what carries this attribute is compiled for AVX2.
__attribute__((target("avx2"), always_inline)) inline void SumPairsOf(const int taps, const uint8_t* row,
                                                                      const Axis<float>& axis, const float* weights,
                                                                      int begin, int end, float* out) {
  const __m256i first = _mm256_setr_epi8(0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 3, -1, -1, -1, 0, -1, -1, -1, 1,
                                         -1, -1, -1, 2, -1, -1, -1, 3, -1, -1, -1);
  // Added to the shuffle, it takes the next pixel; the top bit of the bytes that become zero stays set.
  const __m256i next = _mm256_set1_epi32(3);
  for (int x = begin; x < end; x += 2) {
    const uint8_t* left = row + axis.index[static_cast<size_t>(x) * taps] * 3;
    const uint8_t* right = row + axis.index[static_cast<size_t>(x + 1) * taps] * 3;
    const float* weight = weights + static_cast<size_t>(x / 2) * taps * 8;
    __m256 sum = _mm256_setzero_ps();
    for (int loaded = 0; loaded < taps; loaded += kPixelsALoad) {
      const __m256i bytes = _mm256_loadu2_m128i(reinterpret_cast<const __m128i*>(right + loaded * 3),
                                                reinterpret_cast<const __m128i*>(left + loaded * 3));
      __m256i shuffle = first;
      for (int k = loaded; k < taps && k < loaded + kPixelsALoad; k++) {
        const __m256 pixels = _mm256_cvtepi32_ps(_mm256_shuffle_epi8(bytes, shuffle));
        sum = _mm256_add_ps(sum, _mm256_mul_ps(pixels, _mm256_loadu_ps(weight + k * 8)));
        shuffle = _mm256_add_epi32(shuffle, next);
      }
    }
    _mm_storeu_ps(out + x * 3, _mm256_castps256_ps128(sum));
    _mm_storeu_ps(out + x * 3 + 3, _mm256_extractf128_ps(sum, 1));
  }
}

// The usual numbers of taps as constants, so that their loops are unrolled.
__attribute__((target("avx2"))) void SumPairs(const uint8_t* row, const Axis<float>& axis, const float* weights,
                                              int begin, int end, float* out) {
  switch (axis.taps) {
    case 4:
      return SumPairsOf(4, row, axis, weights, begin, end, out);
    case 5:
      return SumPairsOf(5, row, axis, weights, begin, end, out);
    case 6:
      return SumPairsOf(6, row, axis, weights, begin, end, out);
    default:
      return SumPairsOf(axis.taps, row, axis, weights, begin, end, out);
  }
}

RowPass<uint8_t, float> PassRgbAvx2(const Axis<float>& axis) {
  return [weights = PairWeights(axis)](const uint8_t* row, int source_width, const Axis<float>& same, float* out) {
    int begin, end;
    FastRange(same, source_width * 3, BytesRead(same.taps), &begin, &end);
    begin += begin % 2;
    end -= (end - begin) % 2;
    for (int x = 0; x < begin; x++) SumTaps<uint8_t, float, 3>(row, same, x, out);
    SumPairs(row, same, weights.data(), begin, end, out);
    for (int x = end; x < same.Length(); x++) SumTaps<uint8_t, float, 3>(row, same, x, out);
  };
}

}  // namespace

RowPass<uint8_t, float> BytePass(int channels, const Axis<float>& axis) {
  if (channels != 3) return PlainPassFor<uint8_t, float>(channels);
  if (__builtin_cpu_supports("avx2")) return PassRgbAvx2(axis);
  return ManyTapsPassRgb;
}

}  // namespace paddlelab
