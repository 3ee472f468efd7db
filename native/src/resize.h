#pragma once

#include <cstdint>
#include <vector>

namespace paddlelab {

// OpenCV's interpolation codes.
enum class Interpolation : int { kNearest = 0, kLinear = 1, kCubic = 2, kArea = 3, kLanczos4 = 4 };

struct ResizeSpec {
  int source_width;
  int source_height;
  int channels;
  int width;
  int height;
  // Source pixels per destination pixel; 1/fx where a script gives factors, w_src/w_dst where it gives a size.
  double step_x;
  double step_y;
  Interpolation interpolation;
};

// Resizes 8-bit pixels as OpenCV's x86-64 builds (4.5 to 5.0) do, bit for bit. Cubic is computed in double where OpenCV
// uses float32: samples within 1e-5 of a tie may round the other way, about 1 in 100 000.
std::vector<uint8_t> Resize(const uint8_t* source, const ResizeSpec& spec);

}  // namespace paddlelab
