#pragma once

#include <vector>

#include "draw/surface.h"

namespace paddlelab {

struct Point {
  double x;
  double y;
};

// The coverage of each pixel of a rectangle by an area, computed from the signed areas left of its edges: exact for
// straight edges, in one pass over the edges and one over the pixels. Contours add up; areas covered twice in the same
// direction count once, and a contour in the opposite direction cuts a hole.
class Coverage {
 public:
  // Only records what is inside `clip`.
  explicit Coverage(const Rectangle& clip);

  void AddContour(const Point* points, size_t count);

  // Calls `visit(x, y, coverage)` for every pixel that is covered, 1 to 255.
  template <typename Visit>
  void Sweep(Visit visit) const {
    for (int y = 0; y < clip_.height; y++) {
      const float* row = cells_.data() + static_cast<size_t>(y) * stride_;
      float sum = 0;
      for (int x = 0; x < clip_.width; x++) {
        sum += row[x];
        const float covered = std::min(sum < 0 ? -sum : sum, 1.0f);
        const int alpha = static_cast<int>(covered * 255 + 0.5f);
        if (alpha > 0) visit(clip_.left + x, clip_.top + y, alpha);
      }
    }
  }

 private:
  void AddEdge(Point from, Point to);
  void AddRowPart(float* row, double left, double right, double height);

  Rectangle clip_;
  size_t stride_;
  std::vector<float> cells_;
};

// The whole pixels around points, grown by `margin`.
Rectangle BoundsOf(const std::vector<Point>& points, double margin);

void FillPath(const Surface& surface, const std::vector<std::vector<Point>>& contours, const Color& color);

enum class LineEnds { kOpen, kClosed };

// A line through points with round joins and ends.
void StrokePath(const Surface& surface, const std::vector<Point>& points, LineEnds ends, double width,
                const Color& color);

}  // namespace paddlelab
