#include "text/offset_polygon.h"

#include <algorithm>
#include <cmath>

namespace paddlelab {
namespace {

constexpr double kPi = 3.141592653589793238;
// How far an arc may be from the circle.
constexpr double kArcTolerance = 0.25;

struct Vector {
  double x;
  double y;
};

Vector UnitNormal(const IntPoint& from, const IntPoint& to) {
  const double dx = static_cast<double>(to.x) - from.x;
  const double dy = static_cast<double>(to.y) - from.y;
  const double inverse = 1.0 / std::sqrt(dx * dx + dy * dy);
  return {dy * inverse, -(dx * inverse)};
}

int Rounded(double value) { return static_cast<int>(value < 0 ? value - 0.5 : value + 0.5); }

// Without repeated points, and clockwise on the screen.
std::vector<IntPoint> Normalized(const std::vector<IntPoint>& polygon) {
  std::vector<IntPoint> points;
  const auto same = [](const IntPoint& a, const IntPoint& b) { return a.x == b.x && a.y == b.y; };
  for (const IntPoint& point : polygon) {
    if (points.empty() || !same(points.back(), point)) points.push_back(point);
  }
  while (points.size() > 1 && same(points.front(), points.back())) points.pop_back();
  double area = 0;
  for (size_t i = 0; i < points.size(); i++) {
    const IntPoint& a = points[i];
    const IntPoint& b = points[(i + 1) % points.size()];
    area += static_cast<double>(a.x) * b.y - static_cast<double>(b.x) * a.y;
  }
  if (area < 0) std::reverse(points.begin(), points.end());
  return points;
}

class Offset {
 public:
  Offset(std::vector<IntPoint> points, double distance) : points_(std::move(points)), distance_(distance) {
    // No more steps than there are pixels on the circle.
    const double steps = std::min(kPi / std::acos(1 - kArcTolerance / distance), distance * kPi);
    const double circle = kPi * 2;
    sine_ = std::sin(circle / steps);
    cosine_ = std::cos(circle / steps);
    steps_per_radian_ = steps / circle;
    for (size_t i = 0; i < points_.size(); i++) {
      normals_.push_back(UnitNormal(points_[i], points_[(i + 1) % points_.size()]));
    }
  }

  std::vector<IntPoint> Outline() {
    // A corner that turns little is left out, also as the edge before the next corner: shallow turns add up.
    Vector before = normals_.back();
    for (size_t i = 0; i < points_.size(); i++) {
      if (AddCorner(points_[i], before, normals_[i])) before = normals_[i];
    }
    EndAtTop();
    return std::move(outline_);
  }

 private:
  // False if the corner turns too little to be rounded.
  bool AddCorner(const IntPoint& point, const Vector& before, const Vector& after) {
    double sine = before.x * after.y - after.x * before.y;
    const double cosine = before.x * after.x + before.y * after.y;
    if (std::fabs(sine * distance_) < 1.0) {
      if (cosine > 0) {
        Add(point, before);
        return false;
      }
    } else {
      sine = std::clamp(sine, -1.0, 1.0);
    }
    if (sine * distance_ < 0) {
      Add(point, before);
      outline_.push_back(point);
    } else {
      AddArc(point, before, std::atan2(sine, cosine));
    }
    Add(point, after);
    return true;
  }

  void AddArc(const IntPoint& point, Vector direction, double angle) {
    const double wanted = steps_per_radian_ * std::fabs(angle);
    // A distance below half the tolerance has no steps.
    const int steps = std::isfinite(wanted) ? std::max(Rounded(wanted), 1) : 1;
    for (int i = 0; i < steps; i++) {
      Add(point, direction);
      direction = {direction.x * cosine_ - sine_ * direction.y, direction.x * sine_ + direction.y * cosine_};
    }
  }

  void Add(const IntPoint& point, const Vector& direction) {
    outline_.push_back({Rounded(point.x + direction.x * distance_), Rounded(point.y + direction.y * distance_)});
  }

  // Clipper's sweep ends at the right end of the top, and its outline does too.
  void EndAtTop() {
    const auto top = std::min_element(outline_.begin(), outline_.end(), [](const IntPoint& a, const IntPoint& b) {
      return a.y != b.y ? a.y < b.y : a.x > b.x;
    });
    std::rotate(outline_.begin(), top + 1, outline_.end());
  }

  std::vector<IntPoint> points_;
  double distance_;
  double sine_;
  double cosine_;
  double steps_per_radian_;
  std::vector<Vector> normals_;
  std::vector<IntPoint> outline_;
};

}  // namespace

std::vector<IntPoint> OffsetPolygon(const std::vector<IntPoint>& polygon, double distance) {
  std::vector<IntPoint> points = Normalized(polygon);
  if (points.size() < 3 || !(distance > 0)) return {};
  return Offset(std::move(points), distance).Outline();
}

}  // namespace paddlelab
