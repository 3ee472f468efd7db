#include "warp_affine.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace paddlelab {
namespace {

template <typename Pixel>
float At(const ImageView& source, int x, int y, int channel) {
  if (x < 0 || y < 0 || x >= source.width || y >= source.height) return 0;
  return source.Row<Pixel>(y)[static_cast<size_t>(x) * source.channels + channel];
}

template <typename Pixel>
Pixel Store(float value) {
  if constexpr (std::is_same_v<Pixel, float>) return value;
  return static_cast<Pixel>(std::clamp(std::nearbyint(value), 0.0f, 255.0f));
}

template <typename Pixel>
void Warp(const ImageView& source, int width, int height, const std::array<double, 6>& m, const RowSink& sink) {
  std::vector<Pixel> out(static_cast<size_t>(width) * source.channels);
  // Positions further outside than this show nothing but zeros, however far they are.
  const double right = source.width + 1.0, bottom = source.height + 1.0;
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      const double source_x = std::clamp(m[0] * x + m[1] * y + m[2], -2.0, right);
      const double source_y = std::clamp(m[3] * x + m[4] * y + m[5], -2.0, bottom);
      const int left = static_cast<int>(std::floor(source_x)), top = static_cast<int>(std::floor(source_y));
      const float fx = static_cast<float>(source_x - left), fy = static_cast<float>(source_y - top);
      for (int c = 0; c < source.channels; c++) {
        const float above = At<Pixel>(source, left, top, c) * (1 - fx) + At<Pixel>(source, left + 1, top, c) * fx;
        const float below =
            At<Pixel>(source, left, top + 1, c) * (1 - fx) + At<Pixel>(source, left + 1, top + 1, c) * fx;
        out[static_cast<size_t>(x) * source.channels + c] = Store<Pixel>(above * (1 - fy) + below * fy);
      }
    }
    sink(y, out.data());
  }
}

}  // namespace

void WarpAffine(const ImageView& source, int width, int height, const std::array<double, 6>& matrix,
                const RowSink& sink) {
  if (source.floats) return Warp<float>(source, width, height, matrix, sink);
  return Warp<uint8_t>(source, width, height, matrix, sink);
}

}  // namespace paddlelab
