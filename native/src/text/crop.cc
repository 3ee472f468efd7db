#include "text/crop.h"

#include <algorithm>
#include <cmath>

#include "image/simd.h"
#include "text/cubic_weights.h"

namespace paddlelab {
namespace {

constexpr int kChannels = 3;

// Pixels are computed in blocks, in which OpenCV adds up positions from the left edge; rounding depends on it.
int BlockWidth(int width, int height) {
  constexpr int side = 32;
  return std::min(side * side / std::min(side / 2, height), width);
}

// Half to even, without overflow; NaN becomes the largest position.
int RoundPosition(double value) {
  return static_cast<int>(std::nearbyint(std::max(-2147483648.0, std::min(2147483647.0, value))));
}

// Where pixels of one row of the result lie in the source.
class RowPositions {
 public:
  RowPositions(const Homography& matrix, int y, int block_width) : m_(matrix), y_(y), block_width_(block_width) {}

  void At(int x, int* source_x, int* source_y) const {
    const int start = x / block_width_ * block_width_;
    const int step = x - start;
    const double w = m_[6] * start + m_[7] * y_ + m_[8] + m_[6] * step;
    const double scale = w == 0 ? 0 : kPositions / w;
    *source_x = RoundPosition((m_[0] * start + m_[1] * y_ + m_[2] + m_[0] * step) * scale);
    *source_y = RoundPosition((m_[3] * start + m_[4] * y_ + m_[5] + m_[3] * step) * scale);
  }

 private:
  const Homography& m_;
  const int y_;
  const int block_width_;
};

void StoreRounded(const int* sums, uint8_t* out) {
  for (int c = 0; c < kChannels; c++) {
    out[c] = static_cast<uint8_t>(std::clamp((sums[c] + (1 << (kWeightBits - 1))) >> kWeightBits, 0, 255));
  }
}

// 4×4 pixels that are all inside, with at least 4 more bytes after them.
void BlendInside(const uint8_t* pixels, size_t row_bytes, const CubicWeights& weights, uint8_t* out) {
  simd::Ints sum = simd::SumFourPixels(pixels, weights.data());
  for (int row = 1; row < 4; row++) sum = sum + simd::SumFourPixels(pixels + row * row_bytes, weights.data() + row * 4);
  int sums[4];
  simd::Store(sum, sums);
  StoreRounded(sums, out);
}

// Pixels outside are those of the border.
void BlendAtBorder(const ImageView& source, int left, int top, const CubicWeights& weights, uint8_t* out) {
  int sums[kChannels] = {};
  for (int i = 0; i < 16; i++) {
    const int x = static_cast<int>(std::clamp<int64_t>(int64_t{left} + i % 4, 0, source.width - 1));
    const int y = static_cast<int>(std::clamp<int64_t>(int64_t{top} + i / 4, 0, source.height - 1));
    const uint8_t* pixel = source.Row<uint8_t>(y) + static_cast<size_t>(x) * kChannels;
    for (int c = 0; c < kChannels; c++) sums[c] += pixel[c] * weights[i];
  }
  StoreRounded(sums, out);
}

}  // namespace

void CropQuadrangle(const ImageView& source, const CropSpec& spec, uint8_t* out) {
  const Homography matrix = RectangleOnto(spec.corners, spec.width, spec.height);
  const int block_width = BlockWidth(spec.width, spec.height);
  const size_t row_bytes = source.RowSamples();
  for (int y = 0; y < spec.height; y++) {
    const RowPositions positions(matrix, y, block_width);
    for (int x = 0; x < spec.width; x++) {
      int source_x, source_y;
      positions.At(x, &source_x, &source_y);
      const auto& weights = CubicWeightsAt(source_x & (kPositions - 1), source_y & (kPositions - 1));
      const int left = (source_x >> kPositionBits) - 1, top = (source_y >> kPositionBits) - 1;
      const int64_t pixel = spec.turned ? int64_t{spec.width - 1 - x} * spec.height + y : int64_t{y} * spec.width + x;
      uint8_t* target = out + pixel * kChannels;
      // The last two columns are left out because more bytes are read than used.
      if (left >= 0 && top >= 0 && left < source.width - 5 && top < source.height - 3) {
        BlendInside(source.Row<uint8_t>(top) + static_cast<size_t>(left) * kChannels, row_bytes, weights, target);
      } else {
        BlendAtBorder(source, left, top, weights, target);
      }
    }
  }
}

}  // namespace paddlelab
