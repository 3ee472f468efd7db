#pragma once

#include <array>

#include "image/run_length.h"

namespace paddlelab {

// Puts a square of probabilities into its box, as `expand_boxes` and `visualize.py` of PaddleDetection 0.3 to 0.5 do:
// a border of zeros is added, the box grown to match and cut to integers, the square resized bilinearly (OpenCV, float)
// and what is above 0.5 taken. A box that is not finite has an empty mask.
std::string PasteMask(const float* probabilities, int side, const std::array<float, 4>& box, MaskSize image);

}  // namespace paddlelab
