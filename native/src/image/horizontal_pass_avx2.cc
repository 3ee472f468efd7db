#include "image/horizontal_pass_avx2.h"

#include <vector>

#include "image/simd.h"

namespace paddlelab {

#ifdef PADDLELAB_SSE
namespace {

constexpr int kPixelsALoad = simd::PixelPairs::kPixels;

int BytesRead(int taps) { return (taps - 1) / kPixelsALoad * kPixelsALoad * 3 + 16; }

// The weights of two neighbours in the lanes of their samples: four of the first, four of the second.
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

PADDLELAB_AVX2_INLINE void SumPairsOf(const int taps, const uint8_t* row, const Axis<float>& axis, const float* weights,
                                      int begin, int end, float* out) {
  for (int x = begin; x < end; x += 2) {
    const uint8_t* left = row + axis.index[static_cast<size_t>(x) * taps] * 3;
    const uint8_t* right = row + axis.index[static_cast<size_t>(x + 1) * taps] * 3;
    const float* weight = weights + static_cast<size_t>(x / 2) * taps * 8;
    simd::PixelPair sum = simd::ZeroPair();
    for (int loaded = 0; loaded < taps; loaded += kPixelsALoad) {
      simd::PixelPairs pixels(left + loaded * 3, right + loaded * 3);
      for (int k = loaded; k < taps && k < loaded + kPixelsALoad; k++) {
        sum = simd::AddWeighted(sum, pixels.Next(), weight + k * 8);
      }
    }
    simd::Store(sum, out + x * 3, out + x * 3 + 3);
  }
}

// The usual numbers of taps as constants, so that their loops are unrolled.
PADDLELAB_AVX2 void SumPairs(const uint8_t* row, const Axis<float>& axis, const float* weights, int begin, int end,
                             float* out) {
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
#endif

RowPass<uint8_t, float> BytePass(int channels, [[maybe_unused]] const Axis<float>& axis) {
  if (channels != 3) return PlainPassFor<uint8_t, float>(channels);
#ifdef PADDLELAB_SSE
  if (simd::HasAvx2()) return PassRgbAvx2(axis);
#endif
  return ManyTapsPassRgb;
}

}  // namespace paddlelab
