#pragma once

#include <array>

#include "image/run_length.h"

namespace paddlelab {

// Pastes a square of probabilities into its box, like `expand_boxes` and `visualize.py` of PaddleDetection 0.3 to 0.5:
// a border of zeros is added, the box is grown to match and truncated to integers, the square is resized bilinearly
// (OpenCV, float), and pixels above 0.5 are set. A box that is not finite has an empty mask.
std::string PasteMask(const float* probabilities, int side, const std::array<float, 4>& box, MaskSize image);

}  // namespace paddlelab
