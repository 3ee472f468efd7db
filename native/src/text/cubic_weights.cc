#include "text/cubic_weights.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace paddlelab {
namespace {

// Of four pixels in a row for a position between the second and the third; in float32, as in OpenCV.
std::array<float, 4> WeightsOfRow(float x) {
  constexpr float a = -0.75f;
  const float far = x + 1, rest = 1 - x;
  const float first = ((a * far - 5 * a) * far + 8 * a) * far - 4 * a;
  const float second = ((a + 2) * x - (a + 3)) * x * x + 1;
  const float third = ((a + 2) * rest - (a + 3)) * rest * rest + 1;
  return {first, second, third, 1 - first - second - third};
}

// What rounding left over goes to one weight: OpenCV takes the largest or smallest of the lower right quarter.
void Balance(CubicWeights& weights, int missing) {
  const int candidates[] = {10, 11, 14, 15};
  const auto less = [&weights](int a, int b) { return weights[a] < weights[b]; };
  const int chosen = missing > 0 ? *std::max_element(std::begin(candidates), std::end(candidates), less)
                                 : *std::min_element(std::begin(candidates), std::end(candidates), less);
  weights[chosen] = static_cast<int16_t>(weights[chosen] + missing);
}

CubicWeights WeightsAt(int x, int y) {
  const auto across = WeightsOfRow(static_cast<float>(x) / kPositions);
  const auto down = WeightsOfRow(static_cast<float>(y) / kPositions);
  constexpr int one = 1 << kWeightBits;
  CubicWeights weights;
  int missing = one;
  for (int i = 0; i < 16; i++) {
    const float exact = down[i / 4] * across[i % 4] * one;
    // A weight of 1 does not fit into 16 bits.
    weights[i] = static_cast<int16_t>(std::min(std::nearbyint(exact), 32767.0f));
    missing -= weights[i];
  }
  if (missing != 0) Balance(weights, missing);
  return weights;
}

std::vector<CubicWeights> AllWeights() {
  std::vector<CubicWeights> all;
  for (int i = 0; i < kPositions * kPositions; i++) all.push_back(WeightsAt(i % kPositions, i / kPositions));
  return all;
}

}  // namespace

const CubicWeights& CubicWeightsAt(int x, int y) {
  static const std::vector<CubicWeights> all = AllWeights();
  return all[static_cast<size_t>(y) * kPositions + x];
}

}  // namespace paddlelab
