#pragma once

#include <array>

namespace paddlelab {

struct Corner {
  float x;
  float y;
};

// A 3×3 matrix by rows, for projective coordinates.
using Homography = std::array<double, 9>;

// The matrix that maps an upright rectangle of this size, whose corners go clockwise from (0, 0), onto the corners;
// zeros if there is none. It has the rounding errors of OpenCV's `getPerspectiveTransform` followed by `invert`,
// because positions that are derived from it are rounded to 1/32 of a pixel.
Homography RectangleOnto(const std::array<Corner, 4>& corners, int width, int height);

}  // namespace paddlelab
