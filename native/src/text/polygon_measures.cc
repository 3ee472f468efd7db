#include "text/polygon_measures.h"

#include <cmath>

namespace paddlelab {

double PolygonArea(const std::vector<FloatPoint>& polygon) {
  if (polygon.empty()) return 0;
  double sum = 0;
  FloatPoint from = polygon.back();
  for (const FloatPoint& to : polygon) {
    sum += static_cast<double>(from.x) * to.y - static_cast<double>(from.y) * to.x;
    from = to;
  }
  return std::fabs(sum * 0.5);
}

double PolygonLength(const std::vector<FloatPoint>& polygon, bool single) {
  if (polygon.size() < 2) return 0;
  double sum = 0;
  FloatPoint from = polygon.back();
  for (const FloatPoint& to : polygon) {
    if (single) {
      const float dx = to.x - from.x;
      const float dy = to.y - from.y;
      sum += std::sqrt(dx * dx + dy * dy);
    } else {
      const double dx = static_cast<double>(to.x) - from.x;
      const double dy = static_cast<double>(to.y) - from.y;
      sum += std::sqrt(dx * dx + dy * dy);
    }
    from = to;
  }
  return sum;
}

std::vector<FloatPoint> ToFloats(const std::vector<IntPoint>& points) {
  std::vector<FloatPoint> floats;
  floats.reserve(points.size());
  for (const auto& [x, y] : points) floats.push_back({static_cast<float>(x), static_cast<float>(y)});
  return floats;
}

}  // namespace paddlelab
