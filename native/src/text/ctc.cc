#include "text/ctc.h"

#include <limits>

#include "image/simd.h"

namespace paddlelab {
namespace {

constexpr int kBlank = 0;
constexpr int kLanes = 4;
constexpr int kAtOnce = 4;

// The largest value; NaN are skipped.
float Largest(const float* values, int count) {
  constexpr float lowest = -std::numeric_limits<float>::infinity();
  // Several chains, because each maximum waits for the previous one.
  simd::Floats most[kAtOnce];
  for (auto& lanes : most) lanes = simd::Splat(lowest);
  int i = 0;
  for (; i + kLanes * kAtOnce <= count; i += kLanes * kAtOnce) {
    for (int k = 0; k < kAtOnce; k++) most[k] = simd::Max(simd::Load(values + i + k * kLanes), most[k]);
  }
  float lanes[kLanes];
  simd::Store(simd::Max(simd::Max(most[0], most[1]), simd::Max(most[2], most[3])), lanes);
  float largest = lowest;
  for (float lane : lanes) largest = lane > largest ? lane : largest;
  for (; i < count; i++) largest = values[i] > largest ? values[i] : largest;
  return largest;
}

// Whether all values can be compared with this number.
bool AreNumbers(const float* values, int count, float largest) {
  constexpr int all = (1 << kLanes) - 1;
  const simd::Floats limit = simd::Splat(largest);
  int i = 0, bits = all;
  for (; i + kLanes <= count; i += kLanes) bits &= simd::AtLeast(limit, simd::Load(values + i));
  bool numbers = bits == all;
  for (; i < count; i++) numbers = numbers && values[i] <= largest;
  return numbers;
}

int FirstOf(const float* values, float value) {
  int i = 0;
  while (values[i] != value) i++;
  return i;
}

}  // namespace

CtcText DecodeCtc(const float* probabilities, int columns, int classes) {
  CtcText text;
  int previous = kBlank;
  for (int column = 0; column < columns; column++) {
    const float* values = probabilities + static_cast<size_t>(column) * classes;
    const float largest = Largest(values, classes);
    if (!AreNumbers(values, classes, largest)) {
      text.not_numbers++;
      previous = kBlank;
      continue;
    }
    const int best = FirstOf(values, largest);
    if (best != kBlank && best == previous) {
      text.characters.back().end = column + 1;
    } else if (best != kBlank) {
      text.characters.push_back({best, largest, column, column + 1});
    }
    previous = best;
  }
  return text;
}

}  // namespace paddlelab
