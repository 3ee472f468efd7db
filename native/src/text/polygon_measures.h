#pragma once

#include "text/minimum_rectangle.h"

namespace paddlelab {

double PolygonArea(const std::vector<FloatPoint>& polygon);

// `single` rounds the length of each side to float32, as OpenCV's `arcLength` does.
double PolygonLength(const std::vector<FloatPoint>& polygon, bool single);

std::vector<FloatPoint> ToFloats(const std::vector<IntPoint>& points);

}  // namespace paddlelab
