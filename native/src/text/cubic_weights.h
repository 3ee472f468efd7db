#pragma once

#include <array>
#include <cstdint>

namespace paddlelab {

// Positions are rounded to this part of a pixel.
constexpr int kPositionBits = 5;
constexpr int kPositions = 1 << kPositionBits;

// The weights of 4×4 pixels, by rows; their sum is 2^15.
constexpr int kWeightBits = 15;
using CubicWeights = std::array<int16_t, 16>;

// The weights for a position between pixels, `x` and `y` from 0 to `kPositions` - 1.
const CubicWeights& CubicWeightsAt(int x, int y);

}  // namespace paddlelab
