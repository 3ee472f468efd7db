#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace paddlelab {

struct IntPoint {
  int x;
  int y;
};

using Contour = std::vector<IntPoint>;

// A picture of 0 and 1 with a border of zeros, one pixel wide.
struct PaddedBitmap {
  PaddedBitmap(int width_, int height_)
      : width(width_), height(height_), cells(static_cast<size_t>(width_ + 2) * (height_ + 2), 0) {}

  int8_t* Row(int y) { return cells.data() + static_cast<size_t>(y + 1) * (width + 2) + 1; }

  int width;
  int height;
  std::vector<int8_t> cells;
};

// The borders of all regions and of all holes in them, by Suzuki and Abe ("Topological structural analysis of digitized
// binary images by border following", 1985) for 8-connected regions of ones. Only points where a border
// turns are kept. The order of borders and of their points is that of OpenCV's `findContours` with `RETR_LIST` and
// `CHAIN_APPROX_SIMPLE`: the border that the scan meets last comes first. At most `limit` borders, the first ones.
std::vector<Contour> FindContours(PaddedBitmap bitmap, size_t limit);

}  // namespace paddlelab
