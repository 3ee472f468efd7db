#include "text/polygon_mean.h"

#include <algorithm>
#include <cstdlib>

namespace paddlelab {
namespace {

// Positions on edges are in 1/65536 pixel.
constexpr int kFraction = 16;
constexpr int64_t kOne = int64_t{1} << kFraction;

struct LongPoint {
  int64_t x;
  int64_t y;
};

// An edge that crosses the rows from `top` to before `bottom`.
struct Edge {
  int64_t top;
  int64_t bottom;
  // At the top.
  int64_t x;
  // A row.
  int64_t slope;
};

class PolygonMask {
 public:
  PolygonMask(int width, int height) : width_(width), height_(height), cells_(static_cast<size_t>(width) * height, 0) {}

  void Draw(const std::vector<IntPoint>& polygon) {
    LongPoint from = {polygon.back().x, polygon.back().y};
    for (const IntPoint& corner : polygon) {
      const LongPoint to = {corner.x, corner.y};
      DrawLine(from, to);
      AddEdge(from, to);
      from = to;
    }
    Fill();
  }

  const uint8_t* Row(int y) const { return cells_.data() + static_cast<size_t>(y) * width_; }

 private:
  bool IsInside(LongPoint point) const { return point.x >= 0 && point.x < width_ && point.y >= 0 && point.y < height_; }

  // 1 left, 2 right, 4 above, 8 below.
  int SideOf(LongPoint point) const {
    return (point.x < 0) + (point.x >= width_) * 2 + (point.y < 0) * 4 + (point.y >= height_) * 8;
  }

  // Moves a point that is above or below, or left or right, along the line to `other`.
  void ClipRows(LongPoint* point, const LongPoint& other) const {
    const int64_t y = point->y < 0 ? 0 : height_ - 1;
    point->x += static_cast<int64_t>(static_cast<double>(y - point->y) * (other.x - point->x) / (other.y - point->y));
    point->y = y;
  }
  void ClipColumns(LongPoint* point, const LongPoint& other) const {
    const int64_t x = point->x < 0 ? 0 : width_ - 1;
    point->y += static_cast<int64_t>(static_cast<double>(x - point->x) * (other.y - point->y) / (other.x - point->x));
    point->x = x;
  }

  // Cuts the line to the mask; false if it does not meet it (the line may be cut nevertheless).
  bool Clip(LongPoint* from, LongPoint* to) const {
    int first = SideOf(*from);
    int second = SideOf(*to);
    if ((first & second) == 0 && (first | second) != 0) {
      if (first & 12) {
        ClipRows(from, *to);
        first = SideOf(*from) & 3;
      }
      if (second & 12) {
        ClipRows(to, *from);
        second = SideOf(*to) & 3;
      }
      if ((first & second) == 0 && (first | second) != 0) {
        if (first != 0) ClipColumns(from, *to);
        if (second != 0) ClipColumns(to, *from);
        first = second = 0;
      }
    }
    return (first | second) == 0;
  }

  // Bresenham's line from left to right.
  void DrawLine(LongPoint from, LongPoint to) {
    if (!Clip(&from, &to)) return;
    if (to.x < from.x) std::swap(from, to);
    const int64_t dx = to.x - from.x;
    const int64_t dy = std::abs(to.y - from.y);
    const int64_t down = to.y < from.y ? -1 : 1;
    const bool steep = dy > dx;
    const int64_t length = std::max(dx, dy);
    const int64_t side = std::min(dx, dy);
    int64_t error = length - 2 * side;
    for (int64_t i = 0; i <= length; i++) {
      cells_[static_cast<size_t>(from.y) * width_ + from.x] = 1;
      const bool turns = error < 0;
      error += (turns ? 2 * length : 0) - 2 * side;
      if (steep || turns) from.y += down;
      if (!steep || turns) from.x++;
    }
  }

  void AddEdge(LongPoint from, LongPoint to) {
    if (from.y == to.y) return;
    LongPoint start = {from.x * kOne, from.y};
    LongPoint end = {to.x * kOne, to.y};
    if (!IsInside(from) || !IsInside(to)) {
      LongPoint clipped_from = from;
      LongPoint clipped_to = to;
      Clip(&clipped_from, &clipped_to);
      if (clipped_from.y != clipped_to.y) {
        start = {clipped_from.x * kOne, clipped_from.y};
        end = {clipped_to.x * kOne, clipped_to.y};
      }
    } else {
      start.x += kOne / 2;
      end.x += kOne / 2;
    }
    const int64_t slope = (end.x - start.x) / (end.y - start.y);
    if (from.y < to.y) {
      edges_.push_back({from.y, to.y, start.x + (from.y - start.y) * slope, slope});
    } else {
      edges_.push_back({to.y, from.y, end.x + (to.y - end.y) * slope, slope});
    }
  }

  // Fills between the first and second crossing of a row, the third and fourth, and so on.
  void Fill() {
    std::sort(edges_.begin(), edges_.end(), [](const Edge& a, const Edge& b) { return a.top < b.top; });
    std::vector<Edge> active;
    std::vector<int64_t> crossings;
    size_t next = 0;
    for (int64_t y = edges_.empty() ? height_ : std::min<int64_t>(0, edges_[0].top); y < height_; y++) {
      for (; next < edges_.size() && edges_[next].top <= y; next++) active.push_back(edges_[next]);
      active.erase(std::remove_if(active.begin(), active.end(), [y](const Edge& edge) { return edge.bottom <= y; }),
                   active.end());
      if (active.empty() && next == edges_.size()) return;
      if (y < 0) continue;
      crossings.clear();
      for (const Edge& edge : active) crossings.push_back(edge.x + (y - edge.top) * edge.slope);
      std::sort(crossings.begin(), crossings.end());
      for (size_t i = 0; i + 1 < crossings.size(); i += 2) FillRow(y, crossings[i], crossings[i + 1]);
    }
  }

  void FillRow(int64_t y, int64_t left, int64_t right) {
    const int64_t from = std::max<int64_t>(0, left >> kFraction);
    const int64_t to = std::min<int64_t>(width_ - 1, right >> kFraction);
    for (int64_t x = from; x <= to; x++) cells_[static_cast<size_t>(y) * width_ + x] = 1;
  }

  int width_;
  int height_;
  std::vector<uint8_t> cells_;
  std::vector<Edge> edges_;
};

}  // namespace

double MeanInPolygon(const MapWindow& window, const std::vector<IntPoint>& polygon) {
  if (polygon.empty()) return 0;
  PolygonMask mask(window.width, window.height);
  mask.Draw(polygon);
  double sum = 0;
  int64_t count = 0;
  for (int y = 0; y < window.height; y++) {
    const float* values = window.values + static_cast<size_t>(y) * window.stride;
    const uint8_t* inside = mask.Row(y);
    for (int x = 0; x < window.width; x++) {
      if (inside[x] == 0) continue;
      sum += values[x];
      count++;
    }
  }
  // The reciprocal as in OpenCV, whose last bit may differ from that of a division.
  return count == 0 ? 0 : sum * (1. / static_cast<double>(count));
}

}  // namespace paddlelab
