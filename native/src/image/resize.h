#pragma once

#include <cstdint>
#include <vector>

#include "image/image.h"

namespace paddlelab {

// OpenCV's interpolation codes.
enum class Interpolation : int { kNearest = 0, kLinear = 1, kCubic = 2, kArea = 3, kLanczos4 = 4 };

struct ResizeSpec {
  int width;
  int height;
  // Source pixels per destination pixel; 1/fx if a script gives factors, w_src/w_dst if it gives a size.
  double step_x;
  double step_y;
  Interpolation interpolation;
};

// Resizes like OpenCV's x86-64 builds (4.5 to 4.10). 8 bits: nearest, linear and area are identical bit for bit; cubic
// (exact where OpenCV uses float32) and lanczos differ by at most 1, in less than 1 of 1000 samples, cubic of two
// channels in more. Float32: linear within 6e-5 of 255.
void Resize(const ImageView& source, const ResizeSpec& spec, RowRange range, const RowSink& sink);

}  // namespace paddlelab
