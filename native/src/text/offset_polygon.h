#pragma once

#include "text/contours.h"

namespace paddlelab {

// The outline at a distance around a polygon, with round corners as in Clipper 6.4.2 (an arc tolerance of 0.25). For a
// polygon that is not convex it may cross itself, and is to be united where its winding number is positive.
std::vector<IntPoint> OffsetPolygon(const std::vector<IntPoint>& polygon, double distance);

}  // namespace paddlelab
