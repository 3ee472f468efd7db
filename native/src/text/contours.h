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

// The borders of all regions and of all holes in them, by Suzuki and Abe ("Topological structural analysis of digitized
// binary images by border following", 1985) for 8-connected regions of pixels other than 0. Only points where a border
// turns are kept. The order of borders and of their points is that of OpenCV's `findContours` with `RETR_LIST` and
// `CHAIN_APPROX_SIMPLE`: the border that the scan meets last comes first. At most `limit` borders, the first ones.
std::vector<Contour> FindContours(const uint8_t* bitmap, int width, int height, size_t limit);

}  // namespace paddlelab
