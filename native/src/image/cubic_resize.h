#pragma once

#include "image/image.h"
#include "image/resample_axis.h"

namespace paddlelab {

// Cubic resizing of 8-bit pixels, rounded as if computed in double, at the cost of float32.
void ResizeCubic(const ImageView& source, const Axis<double>& horizontal, const Axis<double>& vertical, RowRange range,
                 const RowSink& sink);

}  // namespace paddlelab
