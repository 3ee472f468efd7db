#pragma once

#include "text/contours.h"

namespace paddlelab {

// The corners of the convex hull, without those on a straight side. Their direction and the first one are those of
// OpenCV's `convexHull(points, clockwise=false)`, because the choice between equally small rectangles depends on them.
std::vector<IntPoint> ConvexHull(const std::vector<IntPoint>& points);

}  // namespace paddlelab
