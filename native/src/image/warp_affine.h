#pragma once

#include <array>

#include "image/image.h"

namespace paddlelab {

// Bilinear warp, zeros outside: destination (x, y) shows the source at (a·x + b·y + c, d·x + e·y + f) for the
// matrix {a, b, c, d, e, f}. Positions are cut to 1/32 of a pixel as OpenCV up to 4 does, to the bit; OpenCV 5 doesn't.
void WarpAffine(const ImageView& source, int width, const std::array<double, 6>& matrix, RowRange range,
                const RowSink& sink);

}  // namespace paddlelab
