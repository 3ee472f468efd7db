#include "text/approximate_polygon.h"

#include <cmath>

namespace paddlelab {
namespace {

// Part of the border, from one point to another; it may run over its end.
struct Section {
  size_t from;
  size_t to;
};

class Approximation {
 public:
  Approximation(const Contour& contour, double distance)
      : contour_(contour), count_(contour.size()), tolerance_(distance * distance) {}

  std::vector<IntPoint> Points() {
    const auto [from, to] = FarthestPair();
    if (SquaredDistance(from, to) <= tolerance_) return {contour_[from]};
    std::vector<IntPoint> kept;
    std::vector<Section> open = {{to, from}, {from, to}};
    while (!open.empty()) {
      const Section section = open.back();
      open.pop_back();
      const size_t farthest = FarthestFrom(section);
      if (farthest == count_) {
        kept.push_back(contour_[section.from]);
      } else {
        open.push_back({farthest, section.to});
        open.push_back({section.from, farthest});
      }
    }
    return WithoutStraightPoints(kept);
  }

 private:
  double SquaredDistance(size_t a, size_t b) const {
    const double dx = contour_[b].x - contour_[a].x;
    const double dy = contour_[b].y - contour_[a].y;
    return dx * dx + dy * dy;
  }

  // Nearly the two points that are the farthest apart: thrice the farthest from the last one.
  Section FarthestPair() const {
    size_t from = 0;
    size_t steps = 0;
    for (int round = 0; round < 3; round++) {
      from = (from + steps) % count_;
      double farthest = 0;
      for (size_t i = 1; i < count_; i++) {
        const double distance = SquaredDistance(from, (from + i) % count_);
        if (distance <= farthest) continue;
        farthest = distance;
        steps = i;
      }
    }
    return {from, (from + steps) % count_};
  }

  // The point that is the farthest from the line between the ends, or `count_` if all are near enough.
  size_t FarthestFrom(const Section& section) const {
    const IntPoint& start = contour_[section.from];
    const double dx = contour_[section.to].x - start.x;
    const double dy = contour_[section.to].y - start.y;
    double farthest = 0;
    size_t index = count_;
    for (size_t i = (section.from + 1) % count_; i != section.to; i = (i + 1) % count_) {
      const double distance = std::fabs((contour_[i].y - start.y) * dx - (contour_[i].x - start.x) * dy);
      if (distance <= farthest) continue;
      farthest = distance;
      index = i;
    }
    return farthest * farthest <= tolerance_ * (dx * dx + dy * dy) ? count_ : index;
  }

  // One more round over the points that are left: those nearly on a line between their neighbours go.
  std::vector<IntPoint> WithoutStraightPoints(std::vector<IntPoint> points) const {
    const size_t count = points.size();
    size_t left = count;
    size_t read = count - 1;
    const auto next = [&]() -> IntPoint {
      const IntPoint point = points[read];
      read = (read + 1) % count;
      return point;
    };
    IntPoint before = next();
    size_t write = read;
    IntPoint point = next();
    for (size_t i = 0; i < count && left > 2; i++) {
      const IntPoint after = next();
      if (IsStraight(before, point, after)) {
        left--;
        before = after;
        points[write] = before;
        point = next();
        // The point after one that went is not looked at.
        i++;
      } else {
        before = point;
        points[write] = before;
        point = after;
      }
      write = (write + 1) % count;
    }
    points.resize(left);
    return points;
  }

  bool IsStraight(const IntPoint& before, const IntPoint& point, const IntPoint& after) const {
    const double dx = after.x - before.x;
    const double dy = after.y - before.y;
    const double distance = std::fabs((point.x - before.x) * dy - (point.y - before.y) * dx);
    const double forward = static_cast<double>(point.x - before.x) * (after.x - point.x) +
                           static_cast<double>(point.y - before.y) * (after.y - point.y);
    return distance * distance <= 0.5 * tolerance_ * (dx * dx + dy * dy) && dx != 0 && dy != 0 && forward >= 0;
  }

  const Contour& contour_;
  size_t count_;
  double tolerance_;
};

}  // namespace

std::vector<IntPoint> ApproximatePolygon(const Contour& contour, double distance) {
  if (contour.empty()) return {};
  return Approximation(contour, distance).Points();
}

}  // namespace paddlelab
