#include "text/minimum_rectangle.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "text/convex_hull.h"

namespace paddlelab {
namespace {

constexpr double kPi = 3.1415926535897932384626433832795;

// Turned back by as many quarters as the side of the calipers that touches the edge.
FloatPoint TurnBack(FloatPoint vector, int quarters) {
  switch (quarters) {
    case 0:
      return vector;
    case 1:
      return {vector.y, -vector.x};
    case 2:
      return {-vector.x, -vector.y};
    default:
      return {-vector.y, vector.x};
  }
}

// Whether the first vector is to the right of the second.
bool IsRightOf(FloatPoint first, FloatPoint second) {
  const FloatPoint normal = {first.y, -first.x};
  return normal.x * second.x + normal.y * second.y < 0;
}

// The best position of the calipers: their base (a unit vector), and the points that the left and the first side touch.
struct Position {
  FloatPoint base;
  float width;
  float height;
  size_t left;
  size_t first;
};

class Calipers {
 public:
  explicit Calipers(const std::vector<IntPoint>& hull) : count_(hull.size()) {
    for (const IntPoint& corner : hull) points_.push_back({static_cast<float>(corner.x), static_cast<float>(corner.y)});
    for (size_t i = 0; i < count_; i++) {
      const FloatPoint& from = points_[i];
      const FloatPoint& to = points_[(i + 1) % count_];
      const double dx = to.x - from.x;
      const double dy = to.y - from.y;
      edges_.push_back({static_cast<float>(dx), static_cast<float>(dy)});
      inverse_lengths_.push_back(static_cast<float>(1. / std::sqrt(dx * dx + dy * dy)));
    }
    size_t left = 0, right = 0, lowest = 0, highest = 0;
    for (size_t i = 1; i < count_; i++) {
      if (points_[i].x < points_[left].x) left = i;
      if (points_[i].x > points_[right].x) right = i;
      if (points_[i].y < points_[lowest].y) lowest = i;
      if (points_[i].y > points_[highest].y) highest = i;
    }
    touched_ = {lowest, right, highest, left};
  }

  const FloatPoint& Point(size_t index) const { return points_[index]; }

  // Turns by a quarter in all, from edge to edge.
  Position FindSmallest() {
    Position best{};
    float smallest = std::numeric_limits<float>::max();
    for (size_t k = 0; k < count_; k++) {
      const FloatPoint base = TurnToNextEdge();
      const FloatPoint across = Difference(touched_[1], touched_[3]);
      const float width = across.x * base.x + across.y * base.y;
      const FloatPoint along = Difference(touched_[2], touched_[0]);
      const float height = -along.x * base.y + along.y * base.x;
      const float area = width * height;
      if (area > smallest) continue;
      smallest = area;
      best = {base, width, height, touched_[3], touched_[0]};
    }
    return best;
  }

 private:
  FloatPoint Difference(size_t to, size_t from) const {
    return {points_[to].x - points_[from].x, points_[to].y - points_[from].y};
  }

  // Turns until a side lies on an edge; returns the new base.
  FloatPoint TurnToNextEdge() {
    int next = 0;
    FloatPoint nearest = edges_[touched_[0]];
    for (int side = 1; side < 4; side++) {
      const FloatPoint edge = TurnBack(edges_[touched_[side]], side);
      if (!IsRightOf(edge, nearest)) continue;
      next = side;
      nearest = edge;
    }
    size_t& index = touched_[next];
    const FloatPoint unit = {edges_[index].x * inverse_lengths_[index], edges_[index].y * inverse_lengths_[index]};
    index = (index + 1) % count_;
    return TurnBack(unit, next);
  }

  size_t count_;
  std::vector<FloatPoint> points_;
  std::vector<FloatPoint> edges_;
  std::vector<float> inverse_lengths_;
  // The points that the sides touch: lowest y, right, highest y, left at the start.
  std::array<size_t, 4> touched_;
};

float Length(FloatPoint vector) {
  return static_cast<float>(
      std::sqrt(static_cast<double>(vector.x) * vector.x + static_cast<double>(vector.y) * vector.y));
}

float Degrees(double y, double x) { return static_cast<float>(static_cast<float>(std::atan2(y, x)) * 180 / kPi); }

TurnedRectangle AroundHull(const std::vector<IntPoint>& hull) {
  Calipers calipers(hull);
  const auto [base, width, height, left, first] = calipers.FindSmallest();
  const FloatPoint normal = {-base.y, base.x};
  // Where the left and the first side meet.
  const float c1 = base.x * calipers.Point(left).x + calipers.Point(left).y * base.y;
  const float c2 = normal.x * calipers.Point(first).x + calipers.Point(first).y * normal.y;
  const float inverse = 1.f / (base.x * normal.y - normal.x * base.y);
  const FloatPoint corner = {(c1 * normal.y - c2 * base.y) * inverse, (base.x * c2 - normal.x * c1) * inverse};
  const FloatPoint side = {base.x * width, base.y * width};
  const FloatPoint other = {normal.x * height, normal.y * height};
  const FloatPoint centre = {corner.x + (side.x + other.x) * 0.5f, corner.y + (side.y + other.y) * 0.5f};
  return {centre, Length(side), Length(other), Degrees(side.y, side.x)};
}

TurnedRectangle AroundSegment(const IntPoint& a, const IntPoint& b) {
  const FloatPoint from = {static_cast<float>(a.x), static_cast<float>(a.y)};
  const FloatPoint to = {static_cast<float>(b.x), static_cast<float>(b.y)};
  const double dx = to.x - from.x;
  const double dy = to.y - from.y;
  const FloatPoint centre = {(from.x + to.x) * 0.5f, (from.y + to.y) * 0.5f};
  return {centre, static_cast<float>(std::sqrt(dx * dx + dy * dy)), 0, Degrees(dy, dx)};
}

std::array<FloatPoint, 4> Corners(const TurnedRectangle& rectangle) {
  const auto& [centre, width, height, angle] = rectangle;
  const double radians = angle * kPi / 180.;
  const float b = static_cast<float>(std::cos(radians)) * 0.5f;
  const float a = static_cast<float>(std::sin(radians)) * 0.5f;
  const FloatPoint first = {centre.x - a * height - b * width, centre.y + b * height - a * width};
  const FloatPoint second = {centre.x + a * height - b * width, centre.y - b * height - a * width};
  return {first,
          second,
          {2 * centre.x - first.x, 2 * centre.y - first.y},
          {2 * centre.x - second.x, 2 * centre.y - second.y}};
}

}  // namespace

TurnedRectangle MinimumRectangle(const std::vector<IntPoint>& points) {
  const std::vector<IntPoint> hull = ConvexHull(points);
  if (hull.size() > 2) return AroundHull(hull);
  if (hull.size() == 2) return AroundSegment(hull[0], hull[1]);
  if (hull.empty()) return {};
  return {{static_cast<float>(hull[0].x), static_cast<float>(hull[0].y)}, 0, 0, 0};
}

std::array<FloatPoint, 4> OrderedCorners(const TurnedRectangle& rectangle) {
  std::array<FloatPoint, 4> corners = Corners(rectangle);
  std::stable_sort(corners.begin(), corners.end(), [](FloatPoint a, FloatPoint b) { return a.x < b.x; });
  const auto& [a, b, c, d] = corners;
  const bool left_falls = b.y > a.y;
  const bool right_falls = d.y > c.y;
  return {left_falls ? a : b, right_falls ? c : d, right_falls ? d : c, left_falls ? b : a};
}

}  // namespace paddlelab
