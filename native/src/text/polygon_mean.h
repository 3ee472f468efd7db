#pragma once

#include "text/contours.h"

namespace paddlelab {

// Part of a map of float32.
struct MapWindow {
  const float* values;
  // Values from one row to the next.
  int stride;
  int width;
  int height;
};

// The mean of the values in a polygon, its outline included, as OpenCV's `fillPoly` and `mean` compute it. Corners are
// in pixels of the window; the part outside is left out.
double MeanInPolygon(const MapWindow& window, const std::vector<IntPoint>& polygon);

}  // namespace paddlelab
