#include "draw/path.h"

#include <cmath>

namespace paddlelab {
namespace {

constexpr double kPi = 3.14159265358979323846;
// Far outside of every image, but safe for an int.
constexpr double kFar = 1e6;

void Paint(const Surface& surface, const Coverage& coverage, const Color& color) {
  coverage.Sweep([&](int x, int y, int covered) {
    BlendPixel(surface.At(x, y), color, color.alpha == 255 ? covered : DivideBy255(covered * color.alpha));
  });
}

// A segment with half discs at both ends, always in the same direction, so that neighbours add up.
std::vector<Point> Capsule(Point from, Point to, double radius) {
  const double angle = std::atan2(to.y - from.y, to.x - from.x);
  const int steps = std::max(4, static_cast<int>(std::ceil(radius * 2)));
  std::vector<Point> outline;
  for (int end = 0; end < 2; end++) {
    const Point center = end == 0 ? to : from;
    for (int i = 0; i <= steps; i++) {
      const double turn = angle - kPi / 2 + kPi * end + kPi * i / steps;
      outline.push_back({center.x + radius * std::cos(turn), center.y + radius * std::sin(turn)});
    }
  }
  return outline;
}

}  // namespace

Coverage::Coverage(const Rectangle& clip)
    : clip_(clip), stride_(static_cast<size_t>(clip.width) + 2), cells_(stride_ * clip.height, 0.0f) {}

void Coverage::AddContour(const Point* points, size_t count) {
  for (size_t i = 0; i < count; i++) AddEdge(points[i], points[i + 1 == count ? 0 : i + 1]);
}

void Coverage::AddEdge(Point from, Point to) {
  if (from.y == to.y) return;
  const double sense = from.y < to.y ? 1 : -1;
  if (sense < 0) std::swap(from, to);
  const double slope = (to.x - from.x) / (to.y - from.y);
  const double top = std::max(from.y - clip_.top, 0.0);
  const double bottom = std::min(to.y - clip_.top, static_cast<double>(clip_.height));
  for (int y = static_cast<int>(top); y < bottom; y++) {
    const double begin = std::max(top, static_cast<double>(y));
    const double end = std::min(bottom, y + 1.0);
    const double x0 = from.x + (begin + clip_.top - from.y) * slope - clip_.left;
    const double x1 = from.x + (end + clip_.top - from.y) * slope - clip_.left;
    const double limit = clip_.width;
    AddRowPart(cells_.data() + static_cast<size_t>(y) * stride_, std::clamp(std::min(x0, x1), 0.0, limit),
               std::clamp(std::max(x0, x1), 0.0, limit), (end - begin) * sense);
  }
}

// Adds the part of an edge within one row, from `left` to `right`: each cell gets the change of the covered area there.
void Coverage::AddRowPart(float* row, double left, double right, double height) {
  const int first = static_cast<int>(left);
  const int last = static_cast<int>(right);
  if (first == last) {
    const double middle = (left + right) / 2 - first;
    row[first] += static_cast<float>(height * (1 - middle));
    row[first + 1] += static_cast<float>(height * middle);
    return;
  }
  const double per_pixel = height / (right - left);
  for (int x = first; x <= last; x++) {
    const double begin = std::max(left, static_cast<double>(x));
    const double end = std::min(right, x + 1.0);
    const double part = (end - begin) * per_pixel;
    const double middle = (begin + end) / 2 - x;
    row[x] += static_cast<float>(part * (1 - middle));
    row[x + 1] += static_cast<float>(part * middle);
  }
}

Rectangle BoundsOf(const std::vector<Point>& points, double margin) {
  double left = kFar, top = kFar, right = -kFar, bottom = -kFar;
  for (const Point& point : points) {
    left = std::min(left, point.x - margin);
    right = std::max(right, point.x + margin);
    top = std::min(top, point.y - margin);
    bottom = std::max(bottom, point.y + margin);
  }
  const int x = static_cast<int>(std::floor(std::max(left, -kFar)));
  const int y = static_cast<int>(std::floor(std::max(top, -kFar)));
  return {x, y, static_cast<int>(std::ceil(std::min(right, kFar))) - x,
          static_cast<int>(std::ceil(std::min(bottom, kFar))) - y};
}

void FillPath(const Surface& surface, const std::vector<std::vector<Point>>& contours, const Color& color) {
  std::vector<Point> all;
  for (const auto& contour : contours) all.insert(all.end(), contour.begin(), contour.end());
  const Rectangle clip = BoundsOf(all, 0).Intersect(surface.Bounds());
  if (clip.empty()) return;
  Coverage coverage(clip);
  for (const auto& contour : contours) coverage.AddContour(contour.data(), contour.size());
  Paint(surface, coverage, color);
}

void StrokePath(const Surface& surface, const std::vector<Point>& points, LineEnds ends, double width,
                const Color& color) {
  const double radius = width / 2;
  const Rectangle clip = BoundsOf(points, radius).Intersect(surface.Bounds());
  if (clip.empty()) return;
  Coverage coverage(clip);
  const size_t count = points.size();
  const size_t segments = ends == LineEnds::kClosed || count == 1 ? count : count - 1;
  for (size_t i = 0; i < segments; i++) {
    const auto capsule = Capsule(points[i], points[(i + 1) % count], radius);
    coverage.AddContour(capsule.data(), capsule.size());
  }
  Paint(surface, coverage, color);
}

}  // namespace paddlelab
