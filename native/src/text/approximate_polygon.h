#pragma once

#include "text/contours.h"

namespace paddlelab {

// A closed border with fewer points, none of which was farther away than `distance` from the sides that are left, by
// Douglas and Peucker. The points kept and the first one are those of OpenCV's `approxPolyDP`.
std::vector<IntPoint> ApproximatePolygon(const Contour& contour, double distance);

}  // namespace paddlelab
