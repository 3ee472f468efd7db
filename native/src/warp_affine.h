#pragma once

#include <array>

#include "image.h"

namespace paddlelab {

// Bilinear warp, zeros outside: destination (x, y) shows the source at (a·x + b·y + c, d·x + e·y + f) for the
// matrix {a, b, c, d, e, f}. In floating point, as OpenCV 5; OpenCV 4's fixed point differs by at most 1.
void WarpAffine(const ImageView& source, int width, int height, const std::array<double, 6>& matrix,
                const RowSink& sink);

}  // namespace paddlelab
