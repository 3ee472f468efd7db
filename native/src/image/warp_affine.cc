#include "image/warp_affine.h"

#include <algorithm>
#include <cmath>

namespace paddlelab {
namespace {

// Positions have 10 fractional bits while they are accumulated and 5 when they are used.
constexpr double kScale = 1024;
constexpr int kHalf = 16;
constexpr int kSteps = 32;

int64_t Round(double value) {
  return static_cast<int64_t>(std::nearbyint(std::clamp(value, -2147483648.0, 2147483647.0)));
}

template <typename Pixel>
const Pixel* At(const ImageView& source, int64_t x, int64_t y, const Pixel* outside) {
  if (x < 0 || y < 0 || x >= source.width || y >= source.height) return outside;
  return source.Row<Pixel>(static_cast<int>(y)) + x * source.channels;
}

uint8_t Blend(const uint8_t* const* corners, int c, int fx, int fy) {
  const int above = corners[0][c] * (kSteps - fx) + corners[1][c] * fx;
  const int below = corners[2][c] * (kSteps - fx) + corners[3][c] * fx;
  return static_cast<uint8_t>(((above * (kSteps - fy) + below * fy) * kSteps + (1 << 14)) >> 15);
}

float Blend(const float* const* corners, int c, int fx, int fy) {
  const float x = static_cast<float>(fx) / kSteps, y = static_cast<float>(fy) / kSteps;
  return corners[0][c] * ((1 - y) * (1 - x)) + corners[1][c] * ((1 - y) * x) + corners[2][c] * (y * (1 - x)) +
         corners[3][c] * (y * x);
}

template <typename Pixel>
void Warp(const ImageView& source, int width, const std::array<double, 6>& m, RowRange range, const RowSink& sink) {
  const Pixel outside[4] = {};
  std::vector<Pixel> out(static_cast<size_t>(width) * source.channels);
  for (int y = range.begin; y < range.end; y++) {
    const int64_t row_x = Round((m[1] * y + m[2]) * kScale) + kHalf;
    const int64_t row_y = Round((m[4] * y + m[5]) * kScale) + kHalf;
    for (int x = 0; x < width; x++) {
      const int64_t source_x = (row_x + Round(m[0] * x * kScale)) >> 5;
      const int64_t source_y = (row_y + Round(m[3] * x * kScale)) >> 5;
      const int64_t left = source_x >> 5, top = source_y >> 5;
      const Pixel* const corners[4] = {At(source, left, top, outside), At(source, left + 1, top, outside),
                                       At(source, left, top + 1, outside), At(source, left + 1, top + 1, outside)};
      for (int c = 0; c < source.channels; c++) {
        out[static_cast<size_t>(x) * source.channels + c] = Blend(corners, c, source_x & 31, source_y & 31);
      }
    }
    sink(y, out.data());
  }
}

}  // namespace

void WarpAffine(const ImageView& source, int width, const std::array<double, 6>& matrix, RowRange range,
                const RowSink& sink) {
  if (source.floats) return Warp<float>(source, width, matrix, range, sink);
  return Warp<uint8_t>(source, width, matrix, range, sink);
}

}  // namespace paddlelab
