#pragma once

#include "image.h"
#include "resample_axis.h"

namespace paddlelab {

// Cubic resizing of 8-bit pixels, rounded as if computed in double, at the cost of float32.
void ResizeCubic(const ImageView& source, const Axis<double>& horizontal, const Axis<double>& vertical, RowRange range,
                 const RowSink& sink);

}  // namespace paddlelab
