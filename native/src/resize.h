#pragma once

#include <cstdint>
#include <vector>

#include "image.h"

namespace paddlelab {

// OpenCV's interpolation codes.
enum class Interpolation : int { kNearest = 0, kLinear = 1, kCubic = 2, kArea = 3, kLanczos4 = 4 };

struct ResizeSpec {
  int width;
  int height;
  // Source pixels per destination pixel; 1/fx where a script gives factors, w_src/w_dst where it gives a size.
  double step_x;
  double step_y;
  Interpolation interpolation;
};

// Resizes as OpenCV's x86-64 builds (4.5 to 5.0) do: 8-bit pixels bit for bit, but for cubic. Cubic is computed exactly
// where OpenCV uses float32: samples within 1e-5 of a tie may round the other way, about 1 in 100 000. Float32 pixels
// agree within 5e-5 of 255 for linear.
void Resize(const ImageView& source, const ResizeSpec& spec, const RowSink& sink);

}  // namespace paddlelab
