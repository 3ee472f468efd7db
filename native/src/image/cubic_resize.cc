#include "image/cubic_resize.h"

#include "image/horizontal_pass_avx2.h"
#include "image/separable_resize.h"
#include "image/simd.h"

namespace paddlelab {
namespace {

// One sample in double, for sums whose rounding is not certain in float32.
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

// The sum of 16 products of at most 255 · 1.2² is off by less than 3e-4 in float32; nearer to a tie it may round
// differently from the exact sum.
constexpr float kNearTie = 0.4995f;

// Four weighted rows, four samples at a time: rounded to integers, with a bit for each uncertain sum.
struct CubicRows {
  const float* rows[4];
  simd::Floats weights[4];

  CubicRows(const float* const* source, const float* weight) {
    for (int k = 0; k < 4; k++) {
      rows[k] = source[k];
      weights[k] = simd::Splat(weight[k]);
    }
  }
  simd::Floats Term(int k, size_t i) const { return simd::Load(rows[k] + i) * weights[k]; }
  simd::Ints Round(size_t i, int* doubtful) const {
    const simd::Floats sum = (Term(0, i) + Term(1, i)) + (Term(2, i) + Term(3, i));
    const simd::Floats value = simd::Min(simd::Max(sum, simd::Splat(0)), simd::Splat(255));
    const simd::Ints rounded = simd::Round(value);
    const simd::Floats error = simd::Abs(value - simd::ToFloats(rounded));
    *doubtful = simd::Greater(error, simd::Splat(kNearTie));
    return rounded;
  }
};

// Rounded as if computed in double, at the cost of float32. Rows are allocated with 16 additional samples.
template <typename Exact>
void RoundCubicRow(const CubicRows& sums, size_t samples, uint8_t* out, Exact exact) {
  for (size_t start = 0; start < samples; start += 16) {
    int doubtful[4];
    simd::Ints quarters[4];
    for (int k = 0; k < 4; k++) quarters[k] = sums.Round(start + k * 4, &doubtful[k]);
    simd::StoreBytes(quarters, out + start);
    for (int k = 0; k < 4; k++) {
      const int lanes = doubtful[k];
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
