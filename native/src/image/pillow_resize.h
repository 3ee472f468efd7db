#pragma once

#include "image/image.h"

namespace paddlelab {

// Pillow's resampling codes; nearest (0) is not implemented here, because it is OpenCV's with other positions.
enum class PillowFilter : int { kNearest = 0, kLanczos = 1, kBilinear = 2, kBicubic = 3, kBox = 4, kHamming = 5 };

// Resizes 8-bit pixels like Pillow up to 10, bit for bit: antialiased, horizontally first, 8 bits in between.
void PillowResize(const ImageView& source, int width, int height, PillowFilter filter, const RowSink& sink);

}  // namespace paddlelab
