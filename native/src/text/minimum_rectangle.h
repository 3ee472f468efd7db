#pragma once

#include <array>

#include "text/contours.h"

namespace paddlelab {

struct FloatPoint {
  float x;
  float y;
};

struct TurnedRectangle {
  FloatPoint centre;
  float width;
  float height;
  // Degrees.
  float angle;
};

// The rectangle of the smallest area around points, found with rotating calipers. The arithmetic, in float32, and the
// choice between equal ones are those of OpenCV's `minAreaRect`.
TurnedRectangle MinimumRectangle(const std::vector<IntPoint>& points);

// The corners clockwise on the screen from the top left one, as PaddleOCR's `get_mini_boxes` orders them.
std::array<FloatPoint, 4> OrderedCorners(const TurnedRectangle& rectangle);

}  // namespace paddlelab
