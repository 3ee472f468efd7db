#include "image/cubic_resize.h"

#include <smmintrin.h>

#include "image/horizontal_pass_avx2.h"
#include "image/separable_resize.h"

namespace paddlelab {
namespace {

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

}  // namespace

void ResizeCubic(const ImageView& source, const Axis<double>& horizontal, const Axis<double>& vertical, RowRange range,
                 const RowSink& sink) {
  const Axis<float> columns = ConvertAxis<float>(horizontal);
  const Axis<float> lines = ConvertAxis<float>(vertical);
  auto combine = [&](const float* const* rows, const float* weights, int y, size_t samples, uint8_t* out) {
    RoundCubicRow(CubicRows(rows, weights), samples, out,
                  [&](size_t i) { return ExactSample(source, horizontal, vertical, i, y); });
  };
  ResizeSeparable<uint8_t, float>(source, columns, lines, BytePass(source.channels, columns), range, sink, combine);
}

}  // namespace paddlelab
