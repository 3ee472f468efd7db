#pragma once

#include <cstdint>

#include "image/horizontal_pass.h"

namespace paddlelab {

// The horizontal half of a resize of 8-bit pixels with weights in float32: for each pixel the products are added in the
// order of its taps. For three channels two pixels are summed at a time if the processor has AVX2.
RowPass<uint8_t, float> BytePass(int channels, const Axis<float>& axis);

}  // namespace paddlelab
