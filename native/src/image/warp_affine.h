#pragma once

#include <array>

#include "image/image.h"

namespace paddlelab {

// Bilinear warp, zeros outside: destination (x, y) shows the source at (a·x + b·y + c, d·x + e·y + f) for the matrix
// {a, b, c, d, e, f}. Positions are truncated to 1/32 of a pixel, bit for bit like OpenCV up to version 4; OpenCV 5
// differs.
void WarpAffine(const ImageView& source, int width, const std::array<double, 6>& matrix, RowRange range,
                const RowSink& sink);

}  // namespace paddlelab
